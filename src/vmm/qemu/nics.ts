// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Forward, MachineDefinition, Nic } from '../../contract/machine.ts';
import type { Decision, Restore } from '../../contract/plan.ts';
import type { PasstReport } from '../../host/passt.ts';
import { passtCommand } from '../../host/passt-command.ts';
import { device, netdev } from './arguments.ts';
import { bootOrder } from './boot-order.ts';
import { confidentialKind } from './confidential.ts';
import { macAddress } from '../mac.ts';
import type { Opinion, Part, Site } from './part.ts';
import type { QemuReport } from './report.ts';

/** Ids of cards without a cable begin like this; whoever attaches to the VMM pulls the plug of these. */
export const looseCablePrefix = 'loose-nic';

export function judgeNics({ nics }: MachineDefinition, report: QemuReport): Opinion {
  const refusals = [];
  for (const nic of nics) {
    if (nic.type === 'bridge' && report.cables !== null) {
      // QEMU's own bridge helper runs as root, and our sandbox rightly keeps QEMU from starting programs.
      const text = `A network card cannot be plugged into the bridge ${nic.bridge}: ${report.cables}`;
      refusals.push({ code: 'bridge-unsupported', text, hint: 'Set the type of the card to user.' });
    }
  }
  if (nics.some(({ type }) => type === 'user') && networkBackend(report) === null) {
    const without = `and ${report.binary} was built without a network of its own`;
    const text = `passt cannot be used (${report.passt.available ? '' : report.passt.reason}), ${without}.`;
    refusals.push({
      code: 'user-network-missing',
      text,
      hint: 'Install passt, or set the type of the card to none.',
    });
  }
  return { refusals };
}

function networkBackend({ passt, answers }: QemuReport): 'passt' | 'slirp' | null {
  if (passt.available) return 'passt';
  return answers.netdevs.includes('user') ? 'slirp' : null;
}

/** Whether a command that was planned here has the guest use QEMU's own network. */
export const usesSlirp = (command: readonly string[]): boolean =>
  command.some((word) => word.startsWith('{"type":"user",'));

/** @param restore with a network that was saved, a guest goes on on that */
export function planNics(site: Site, restore?: Pick<Restore, 'network'>): Part {
  const { nics } = site.definition;
  const passt: PasstReport =
    restore?.network === 'slirp'
      ? { available: false, reason: 'its connections were saved with it' }
      : site.report.passt;
  const order = bootOrder(site.definition);
  const backends = nics.map((nic, index) => planBackend(nic, index, site, passt));
  const cables = backends.flatMap((backend) => backend.cables ?? []);
  return {
    ...(cables.length > 0 && { cables }),
    helpers: backends.flatMap(({ helpers }) => helpers ?? []),
    arguments: nics.flatMap((nic, index) => [
      ...(backends[index]?.arguments ?? []),
      ...planCard(nic, index, order.nics[index], site),
    ]),
    decisions: nics.some(({ type }) => type === 'user') ? [backendDecision(passt)] : [],
  };
}

function planCard(nic: Nic, index: number, bootindex: number | undefined, site: Site): string[] {
  const { id, boot } = site.definition;
  const driver = nic.model === 'virtio' ? 'virtio-net-pci' : 'e1000e';
  // UEFI brings its own driver for virtio cards. Only otherwise does network boot need the card's ROM, which may
  // not be installed and takes a moment to load.
  // Code of a card that this PC brings is no part of what a confidential guest measured.
  const own = confidentialKind(site.definition) !== null || (boot.type === 'uefi' && nic.model === 'virtio');
  const withRom = bootindex !== undefined && !own;
  return device({
    driver,
    id: `${nic.type === 'none' ? looseCablePrefix : 'nic'}${index}`,
    bus: site.ports.take(),
    netdev: `net${index}`,
    mac: nic.mac ?? macAddress(id, index),
    bootindex,
    romfile: withRom ? undefined : '',
  });
}

/** The same for a machine and card, within the 15 characters of Linux. @param index from 0 to 7 */
const tapName = (machineId: string, index: number): string =>
  `phy-${createHash('sha256').update(machineId).digest('hex').slice(0, 8)}-${index}`;

function planBackend(
  nic: Nic,
  index: number,
  { definition, report, paths }: Site,
  passt: PasstReport,
): Pick<Part, 'helpers' | 'cables' | 'arguments'> {
  const id = `net${index}`;
  if (nic.type === 'bridge') {
    // With KVM alone: without it, each packet would take a way of its own through QEMU first.
    const vhost = nic.model === 'virtio' && report.vhostNet && report.accelerator.accelerator === 'kvm';
    const tap = tapName(definition.id, index);
    return {
      cables: [{ tap, bridge: nic.bridge }],
      arguments: netdev({ type: 'tap', id, ifname: tap, script: 'no', downscript: 'no', vhost }),
    };
  }
  // A hub that nothing else is plugged into yet.
  if (nic.type !== 'user') return { arguments: netdev({ type: 'hubport', id, hubid: index }) };
  if (!passt.available)
    return { arguments: netdev({ type: 'user', id, hostfwd: nic.forwards.map(hostForward) }) };
  const name = `passt-${index}`;
  const socket = join(paths.run, name);
  const command = passtCommand(passt, { socket, forwards: nic.forwards });
  return {
    helpers: [{ name, command, log: join(paths.logs, `${name}.log`), ready: socket }],
    arguments: netdev({ type: 'stream', id, server: false, addr: { type: 'unix', path: socket } }),
  };
}

function hostForward({ protocol, hostAddress, hostPort, guestPort }: Forward) {
  return { str: `${protocol}:${hostAddress}:${hostPort}-:${guestPort}` };
}

function backendDecision(passt: PasstReport): Decision {
  return passt.available
    ? { what: 'network: passt', why: "it keeps the guest's traffic out of QEMU's process" }
    : { what: "network: QEMU's own", why: passt.reason };
}
