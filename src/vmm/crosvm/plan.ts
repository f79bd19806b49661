// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import type { MachineDefinition } from '../../contract/machine.ts';
import type { LaunchPlan } from '../../contract/plan.ts';
import type { MachinePaths } from '../driver.ts';
import { lockedBy } from '../lock-command.ts';
import { requireShortSockets } from '../socket-paths.ts';
import {
  planDisks,
  planHelpfulDevices,
  planKernel,
  planNics,
  planProcessors,
  planSandbox,
  planSerial,
  planShares,
  serialInput,
  serialLog,
  type Site,
} from './devices.ts';
import { hasOption, type CrosvmReport } from './report.ts';

/** crosvm starts with its processors held, so that nothing of the guest's life is missed. */
export const heldOption = '--suspended-vcpus';

/** What a start does, as data. Pure. Only for definitions that `judge` did not refuse. */
export function plan(definition: MachineDefinition, report: CrosvmReport, paths: MachinePaths): LaunchPlan {
  requireShortSockets(paths.run);
  const site: Site = { definition, report, paths };
  const held = hasOption(report, heldOption);
  const parts = [
    planProcessors(site),
    planSandbox(site),
    planSerial(site),
    planNics(site),
    planDisks(site),
    planShares(site),
    planHelpfulDevices(site),
    planKernel(site),
  ];
  const control = join(paths.run, 'control');
  const hasSerial = definition.serialPorts > 0;
  return {
    machine: { id: definition.id, name: definition.name },
    vmm: report.vmm,
    version: report.version,
    accelerator: 'kvm',
    runDirectory: paths.run,
    directories: parts.flatMap(({ directories }) => directories ?? []),
    files: [],
    pipes: parts.flatMap(({ pipes }) => pipes ?? []),
    helpers: parts.flatMap(({ helpers }) => helpers ?? []),
    process: {
      name: 'crosvm',
      command: [
        lockedBy(report.flock.path, paths.machine),
        report.binary,
        // Its exit code then tells a power-off from a reset, and a crash of the guest from one of its own.
        '--extended-status',
        ['--no-syslog', '--log-level', 'info'],
        ['run', '--socket', control, '--name', definition.id],
        held ? [heldOption] : [],
        parts.flatMap((part) => part.arguments),
      ].flat(),
      log: join(paths.logs, 'vmm.log'),
      ...(hasSerial && { input: serialInput(paths.run) }),
      ready: control,
    },
    onReset: definition.throwAway === true ? 'end' : 'restart',
    endpoints: { control, serial: hasSerial ? serialInput(paths.run) : null, display: null, agent: null },
    serialLog: hasSerial ? serialLog(paths.logs) : null,
    decisions: parts.flatMap(({ decisions }) => decisions ?? []),
  };
}
