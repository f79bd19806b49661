// SPDX-License-Identifier: Apache-2.0
//
// What a clone has that is its own, as changes of the text of the definition it comes from. Pure.
import { createHash } from 'node:crypto';
import type { Forward, MachineDefinition } from '../../contract/machine.ts';
import { shellQuote } from '../../contract/shell-quote.ts';
import { macAddress } from '../../vmm/mac.ts';
import type { Change } from '../definition-change.ts';

export interface CloneIdentity {
  id: string;
  name: string;
}

/** Who else is on this PC, the machine that is cloned among them. */
export interface Neighbours {
  listed: readonly Neighbour[];
  /** Deleted ones may come back, so what they have is not given away either */
  deleted: readonly Neighbour[];
}

/** Another machine, as far as what must not be used twice goes. */
export type Neighbour = Pick<MachineDefinition, 'name' | 'nics' | 'vsock'>;

/**
 * UUID, name, Ethernet addresses, context id and serial numbers become the clone's own. What starts by itself does not;
 * a clone of a template is none.
 */
export function cloneChanges(
  source: MachineDefinition,
  { id, name }: CloneIdentity,
  { listed, deleted }: Neighbours,
): { changes: Change[]; notes: string[] } {
  const changes: Change[] = [
    { path: ['id'], value: id },
    { path: ['name'], value: name },
  ];
  const notes: string[] = [];
  for (const key of ['template', 'autostart', 'throwAway'] as const)
    if (source[key] !== undefined) changes.push({ path: [key] });
  if (source.autostart !== undefined)
    notes.push('It does not start by itself, as the machine it comes from does.');

  for (const [index, { mac }] of source.nics.entries())
    if (mac !== undefined) changes.push({ path: ['nics', index, 'mac'], value: macAddress(id, index) });
  if (source.vsock !== undefined)
    changes.push({ path: ['vsock', 'cid'], value: freeCid([...listed, ...deleted]) });
  for (const [index, { serial }] of source.disks.entries()) {
    if (serial === undefined) continue;
    const own = ownSerial(serial, id, index);
    changes.push({ path: ['disks', index, 'serial'], value: own });
    notes.push(
      `The serial number of disk ${index} is ${own} instead of ${serial}: only a guest that looks for it under /dev/disk/by-id notices; those that go by UUID or label start as before.`,
    );
  }
  notes.push(...collisions(source, name, listed));
  return { changes, notes };
}

// 0 to 2 mean the hypervisor, the loopback and the host (vsock(7)).
const firstCid = 3;

function freeCid(others: readonly Neighbour[]): number {
  const used = new Set(others.map(({ vsock }) => vsock?.cid));
  let cid = firstCid;
  while (used.has(cid)) cid += 1;
  return cid;
}

/** As long as a serial number may be for every bus. */
const longestSerial = 20;

/** The old one, so that people recognise it, with something of the new machine behind it. */
function ownSerial(serial: string, id: string, index: number): string {
  const mark = createHash('sha256').update(`${id} serial ${index}`).digest('hex').slice(0, 6);
  // A clone of a clone has the mark of its origin already.
  const stem = serial.replace(/-[0-9a-f]{6}$/, '').slice(0, longestSerial - mark.length - 1);
  return `${stem}-${mark}`;
}

/** Ports of this PC stay as they are, since somebody relies on them, but only one machine at a time can have them. */
function collisions({ nics }: MachineDefinition, name: string, others: readonly Neighbour[]): string[] {
  return nics.flatMap((nic, card) =>
    (nic.type === 'user' ? nic.forwards : []).flatMap((forward, index) => {
      const rivals = others.filter((other) => forwardsOf(other).some((taken) => collide(forward, taken)));
      if (rivals.length === 0) return [];
      const { hostAddress, hostPort, protocol } = forward;
      const path = `nics[${card}].forwards[${index}].hostPort`;
      const example = `phyllome set ${shellQuote(name)} '${path}=${hostPort < 65_535 ? hostPort + 1 : hostPort - 1}'`;
      return [
        `Port ${hostAddress}:${hostPort} (${protocol}) is forwarded to ${rivals.map((rival) => rival.name).join(', ')}, too: they cannot run at the same time before one has another port, e.g. with: ${example}`,
      ];
    }),
  );
}

const forwardsOf = ({ nics }: Neighbour): Forward[] =>
  nics.flatMap((nic) => (nic.type === 'user' ? nic.forwards : []));

const anyAddress = '0.0.0.0';

function collide(one: Forward, other: Forward): boolean {
  if (one.protocol !== other.protocol || one.hostPort !== other.hostPort) return false;
  const addresses = [one.hostAddress, other.hostAddress];
  return addresses.includes(anyAddress) || one.hostAddress === other.hostAddress;
}
