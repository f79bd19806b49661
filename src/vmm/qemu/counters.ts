// SPDX-License-Identifier: Apache-2.0
//
// What a guest moved. QEMU counts what goes to and from its disks. It does not count network traffic (as of 7.2 to
// 10.1: query-stats is about KVM, x-query-virtio-queue-status has numbers of descriptors and no bytes), and passt
// does not either, so the guest is asked, through its agent.
import { PhyllomeError } from '../../contract/errors.ts';
import type { Counters, Traffic } from '../driver.ts';
import type { GuestAgent } from './guest-agent.ts';
import { looseCablePrefix } from './nics.ts';
import { isRecord, type Qmp } from './qmp.ts';

export interface CounterSources {
  name: string;
  qmp: Qmp;
  /** null: the machine has no channel for an agent */
  agent: Pick<GuestAgent, 'ask'> | null;
  agentConnected(): Promise<boolean>;
}

// Devices that we planned are below this path; firmware and board have others.
const plannedDevices = '/machine/peripheral/';

export function createCounters({ name, qmp, agent, agentConnected }: CounterSources): Counters {
  let cards: Promise<Set<string>> | null = null;
  return {
    disks: async () => list(await qmp.execute('query-blockstats')).flatMap(diskTraffic),
    async network() {
      cards ??= networkCards(qmp);
      cards.catch(() => (cards = null));
      const addresses = await cards;
      if (addresses.size === 0) return [];
      if (agent === null || !(await agentConnected())) {
        const reason = agent === null ? 'the machine has no channel for one' : 'none is connected';
        throw new PhyllomeError('guest-agent-failed', { name, reason });
      }
      return cardTraffic(await agent.ask('guest-network-get-interfaces'), addresses, name);
    },
  };
}

function diskTraffic(entry: Record<string, unknown>): Traffic[] {
  const { qdev, stats } = entry;
  if (typeof qdev !== 'string' || !isPlanned(qdev) || !isRecord(stats)) return [];
  const traffic = { id: qdev, in: Number(stats['rd_bytes']), out: Number(stats['wr_bytes']) };
  return isCount(traffic.in) && isCount(traffic.out) ? [traffic] : [];
}

/** QEMU calls a device by its id where it has one (sata, nvme, scsi), by the path of its working part elsewhere. */
function isPlanned(qdev: string): boolean {
  return qdev.startsWith(plannedDevices) || /^(disk|removable)\d+$/.test(qdev);
}

/** The hardware addresses of the machine's network cards, as QEMU has them. */
async function networkCards(qmp: Qmp): Promise<Set<string>> {
  const devices = list(await qmp.execute('qom-list', { path: plannedDevices.slice(0, -1) }));
  const names = devices.map((entry) => String(entry['name'])).filter(isCard);
  const addresses = await Promise.all(
    names.map((card) => qmp.execute('qom-get', { path: plannedDevices + card, property: 'mac' })),
  );
  return new Set(addresses.map((address) => String(address).toLowerCase()));
}

const isCard = (name: string): boolean => /^nic\d+$/.test(name) || name.startsWith(looseCablePrefix);

/**
 * The traffic of the machine's own cards. A guest shows more: loopback, and what it built on a card (bridges,
 * VLANs, containers), often with the card's address. Everything built on a card moves no more than the card
 * does, so of interfaces with one address the busiest counts.
 */
function cardTraffic(answer: unknown, addresses: ReadonlySet<string>, name: string): Traffic[] {
  const found = new Map<string, Traffic>();
  let silent = false;
  for (const entry of list(answer)) {
    const id = String(entry['hardware-address']).toLowerCase();
    if (!addresses.has(id)) continue;
    const statistics = isRecord(entry['statistics']) ? entry['statistics'] : {};
    const [received, sent] = [statistics['rx-bytes'], statistics['tx-bytes']];
    if (!isCount(received) || !isCount(sent)) {
      silent = true;
      continue;
    }
    const before = found.get(id);
    if (before === undefined || before.in + before.out < received + sent)
      found.set(id, { id, in: received, out: sent });
  }
  if (found.size === 0 && silent)
    throw new PhyllomeError('guest-agent-failed', { name, reason: 'it counts no network traffic' });
  return [...found.values()];
}

// A guest may say anything; beyond this, differences would no longer be exact.
function isCount(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value <= Number.MAX_SAFE_INTEGER;
}

function list(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}
