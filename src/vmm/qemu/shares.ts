// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import type { MachineDefinition, Share } from '../../contract/machine.ts';
import type { Reason } from '../driver.ts';
import { shareProblem, virtiofsdCommand } from '../virtiofsd.ts';
import { clientSocket, device } from './arguments.ts';
import { hasDevice, lacksDevice, type Opinion, type Part, type Site } from './part.ts';
import type { QemuReport } from './report.ts';

/** The guest runs without what cannot be shared: its own disk is complete without it. */
export function judgeShares({ shares }: MachineDefinition, report: QemuReport): Opinion {
  const losses = shares.map((share) => problemOf(share, report)).filter((problem) => problem !== null);
  return { losses };
}

function problemOf(share: Share, report: QemuReport): Reason | null {
  const problem = shareProblem(share, report.tools.virtiofsd, report.virtiofsd);
  if (problem !== null) return problem;
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
        command: virtiofsdCommand(binary, socket, { path, readOnly }),
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
