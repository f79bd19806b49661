// SPDX-License-Identifier: Apache-2.0
//
// Ways in and out of a guest that are neither disk, network nor screen.
import { join } from 'node:path';
import type { MachineDefinition } from '../../contract/machine.ts';
import { device, loggedPipe, serverSocket } from './arguments.ts';
import { hasClipboard } from './clipboard.ts';
import { nothing, type Opinion, type Part, type Site } from './part.ts';
import { onRootBus, slots } from './pci.ts';
import type { QemuReport } from './report.ts';

const serialPipe = (run: string): string => join(run, 'serial');
export const serialInput = (run: string): string => `${serialPipe(run)}.in`;
export const serialLog = (logs: string): string => join(logs, 'serial.log');
export const agentSocket = (run: string): string => join(run, 'agent');

/**
 * What the guest writes is read from the log, which has all of it; the pipe only types. A socket would do both,
 * but while its client is a moment behind, QEMU writes bytes twice into the log (seen with 7.2: a serial port
 * writes byte by byte, and some 270 of them fill the socket's buffer), and a client that died holds up the guest.
 */
export function planSerial({ definition, paths }: Site): Part {
  if (definition.serialPorts === 0) return nothing;
  const path = serialPipe(paths.run);
  return {
    pipes: [path],
    arguments: [...loggedPipe('serial', path, serialLog(paths.logs)), '-serial', 'chardev:serial'],
  };
}

/** The controller of the ports below, where there is one. */
export function planPorts(site: Site): Part {
  if (!site.definition.agent && !hasClipboard(site)) return nothing;
  return { arguments: device({ driver: 'virtio-serial-pci', id: 'ports', ...onRootBus(slots.serial) }) };
}

export function planAgent({ definition, paths }: Site): Part {
  if (!definition.agent) return nothing;
  return {
    arguments: [
      ...serverSocket('agent', agentSocket(paths.run)),
      // The name by which the agent in the guest finds its port. `id` is what events call it.
      ...device({
        driver: 'virtserialport',
        id: 'agent',
        bus: 'ports.0',
        chardev: 'agent',
        name: 'org.qemu.guest_agent.0',
      }),
    ],
  };
}

export function judgeVsock({ vsock }: MachineDefinition, report: QemuReport): Opinion {
  if (vsock === undefined || report.vhostVsock) return {};
  const text = '/dev/vhost-vsock cannot be used, so the machine runs without its vsock device.';
  const hint = 'Load the kernel module vhost_vsock, and make sure that you may open /dev/vhost-vsock.';
  return { losses: [{ code: 'vsock-missing', text, hint }] };
}

export function planVsock({ definition: { vsock }, report, ports }: Site): Part {
  if (vsock === undefined || !report.vhostVsock) return nothing;
  return {
    arguments: device({ driver: 'vhost-vsock-pci', id: 'vsock', bus: ports.take(), 'guest-cid': vsock.cid }),
  };
}
