// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import type { MachineDefinition, Share } from '../../contract/machine.ts';
import type { Reason } from '../driver.ts';
import { clientSocket, device } from './arguments.ts';
import { hasDevice, installing, lacksDevice, type Opinion, type Part, type Site } from './part.ts';
import type { QemuReport } from './report.ts';

/** The guest runs without what cannot be shared: its own disk is complete without it. */
export function judgeShares({ shares }: MachineDefinition, report: QemuReport): Opinion {
  const losses = shares.map((share) => problemOf(share, report)).filter((problem) => problem !== null);
  return { losses };
}

function problemOf({ tag, readOnly }: Share, report: QemuReport): Reason | null {
  const { virtiofsd } = report.tools;
  const without = `so the machine runs without its shared folder ${tag}`;
  if (virtiofsd.path === null) {
    return {
      code: 'share-missing',
      text: `virtiofsd is not installed, ${without}.`,
      hint: installing(virtiofsd),
    };
  }
  const hint = 'Update virtiofsd to 1.13 or newer (Debian 13 has it).';
  if (!report.virtiofsd.current) {
    const text = `${virtiofsd.path} is the old virtiofsd, which only works for root, ${without}.`;
    return { code: 'share-helper-old', text, hint };
  }
  if (readOnly && !report.virtiofsd.readOnly) {
    const text = `${virtiofsd.path} cannot share read-only, ${without}.`;
    return { code: 'share-read-only', text, hint };
  }
  if (hasDevice(report, 'vhost-user-fs-pci')) return null;
  return lacksDevice(report, 'vhost-user-fs-pci', 'share-missing', 'Install the QEMU of your distribution.');
}

/** The shares that this PC can give the machine. */
export function usableShares({ shares }: MachineDefinition, report: QemuReport): Share[] {
  return shares.filter((share) => problemOf(share, report) === null);
}

export function planShares({ definition, report, paths, ports }: Site): Part {
  const binary = report.tools.virtiofsd.path;
  if (binary === null) return { arguments: [] };
  const planned = usableShares(definition, report).map(({ path, tag, readOnly }, index) => {
    const id = `share${index}`;
    const socket = join(paths.run, id);
    return {
      helper: {
        name: id,
        command: [
          binary,
          `--socket-path=${socket}`,
          `--shared-dir=${path}`,
          // A namespace of its own, in which it sees nothing but the folder; what guests create belongs to the user.
          '--sandbox=namespace',
          ...(readOnly ? ['--readonly'] : []),
          '--log-level=warn',
        ],
        log: join(paths.logs, `${id}.log`),
        ready: socket,
      },
      arguments: [
        ...clientSocket(id, socket),
        ...device({ driver: 'vhost-user-fs-pci', id: `fs${index}`, bus: ports.take(), chardev: id, tag }),
      ],
    };
  });
  return {
    helpers: planned.map(({ helper }) => helper),
    arguments: planned.flatMap((share) => share.arguments),
  };
}
