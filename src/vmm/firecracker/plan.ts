// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import type { MachineDefinition } from '../../contract/machine.ts';
import type { Decision, LaunchPlan, PlannedProcess } from '../../contract/plan.ts';
import { canForward, inNetwork, networkReady, pastaCommand } from '../../host/pasta-command.ts';
import type { MachinePaths } from '../driver.ts';
import { lockedBy } from '../lock-command.ts';
import { requireShortSockets } from '../socket-paths.ts';
import type { FirecrackerReport } from './report.ts';
import { memoryMiB, requestsFor, type Site } from './requests.ts';

/** What a start does, as data. Pure. Only for definitions that `judge` did not refuse. */
export function plan(
  definition: MachineDefinition,
  report: FirecrackerReport,
  paths: MachinePaths,
): LaunchPlan {
  requireShortSockets(paths.run);
  const site: Site = { definition, paths };
  const control = join(paths.run, 'control');
  const serial = join(paths.run, 'serial');
  const words = join(paths.run, 'log');
  const log = join(paths.logs, 'vmm.log');
  const serialLog = join(paths.logs, 'serial.log');
  const network = planNetwork(site, report);
  return {
    machine: { id: definition.id, name: definition.name },
    vmm: report.vmm,
    version: report.version,
    accelerator: 'kvm',
    runDirectory: paths.run,
    directories: [],
    files: [],
    pipes: [serial, words],
    helpers: [
      // Firecracker does not append to its log: it would write over its own last words, and over those of the run before.
      // The pipe ends with Firecracker.
      { name: 'vmm-log', command: [report.cat, `${words}.in`], log, ready: null },
      ...network.helpers,
    ],
    process: {
      name: 'firecracker',
      command: [
        ...lockedBy(report.flock.path, paths.machine),
        ...network.command,
        report.binary,
        '--api-sock',
        control,
        '--id',
        definition.id,
        // Kernels of distributions have drivers for PCI for certain.
        '--enable-pci',
        '--log-path',
        `${words}.in`,
        '--level',
        'Info',
      ],
      log,
      // The serial port of the guest is its standard input and output. It has one, whether it is wanted or not.
      input: `${serial}.in`,
      output: serialLog,
      ready: control,
    },
    requests: requestsFor(site),
    onReset: definition.throwAway === true ? 'end' : 'restart',
    endpoints: {
      control,
      serial: definition.serialPorts > 0 ? `${serial}.in` : null,
      display: null,
      agent: null,
    },
    serialLog,
    decisions: decisions(site, report),
  };
}

/** The namespace that the VMM runs in, and what makes it; nothing without a card. */
function planNetwork(
  { definition: { nics }, paths }: Site,
  { pasta }: FirecrackerReport,
): { helpers: PlannedProcess[]; command: string[] } {
  const nic = nics.find(({ type }) => type === 'user');
  if (nic?.type !== 'user') return { helpers: [], command: [] };
  if (!pasta.available) throw new Error('planned although judge() refused');
  const forwards = nic.forwards.filter((forward) => canForward(pasta, forward));
  return {
    helpers: [
      {
        name: 'pasta',
        command: pastaCommand(pasta, { run: paths.run, forwards }),
        log: join(paths.logs, 'pasta.log'),
        ready: networkReady(paths.run),
      },
    ],
    command: inNetwork(pasta, paths.run),
  };
}

function decisions({ definition }: Site, { kvm }: FirecrackerReport): Decision[] {
  const { memory, nics, disks } = definition;
  const mib = memoryMiB(definition);
  return [
    { what: 'accelerator: kvm', why: kvm.proven ? 'a guest ran in it' : kvm.explanation },
    ...(mib * 2 ** 20 === memory
      ? []
      : [{ what: `memory: ${mib} MiB`, why: 'memory is given in whole MiB' }]),
    ...(nics.some(({ type }) => type === 'user')
      ? [
          {
            what: 'network: pasta',
            why: 'firecracker runs in its namespace, the only way to the network without root',
          },
        ]
      : []),
    ...(disks.some(({ discard, readOnly }) => discard === 'unmap' && !readOnly)
      ? [
          {
            what: 'disks: no discard',
            why: 'firecracker does not hand it on; what the guest frees stays allocated',
          },
        ]
      : []),
    { what: 'sandbox: seccomp', why: 'firecracker brings its own; its jailer needs root' },
  ];
}
