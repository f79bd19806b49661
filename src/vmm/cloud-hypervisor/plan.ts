// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import type { MachineDefinition } from '../../contract/machine.ts';
import type { Decision, LaunchPlan, PlannedProcess } from '../../contract/plan.ts';
import { passtCommand } from '../../host/passt-command.ts';
import type { MachinePaths } from '../driver.ts';
import { lockedBy } from '../lock-command.ts';
import { requireShortSockets } from '../socket-paths.ts';
import { planSwtpm } from '../swtpm.ts';
import { virtiofsdCommand } from '../virtiofsd.ts';
import { startedAgain } from './again.ts';
import { memoryBytes, passtSocket, shareSocket, vmConfig, type Site } from './config.ts';
import { usableShares } from './judge.ts';
import { optionValue } from './option-value.ts';
import type { CloudHypervisorReport } from './report.ts';
import { runFiles } from './run-files.ts';
import { hasSerial, planSerial, serialLog } from './serial.ts';

/** What a start does, as data. Pure. Only for definitions that `judge` did not refuse. */
export function plan(
  definition: MachineDefinition,
  report: CloudHypervisorReport,
  paths: MachinePaths,
): LaunchPlan {
  requireShortSockets(paths.run);
  const site: Site = { definition, report, paths };
  const files = runFiles(paths.run);
  const serial = hasSerial(definition) ? planSerial(report.tools, paths) : null;
  const tpm = planTpm(site);
  return {
    machine: { id: definition.id, name: definition.name },
    vmm: report.vmm,
    version: report.version,
    accelerator: 'kvm',
    runDirectory: paths.run,
    directories: tpm === null ? [] : [tpm.state],
    files: [],
    pipes: serial === null ? [] : [serial.pipe],
    ...(tpm !== null && tpm.tpm !== null && { tpm: tpm.tpm }),
    helpers: [
      ...(serial === null ? [] : [serial.helper]),
      ...planNetwork(site),
      ...planShares(site),
      ...(tpm === null ? [] : [tpm.helper]),
    ],
    process: {
      name: 'cloud-hypervisor',
      command: [
        ...lockedBy(report.flock.path, paths.machine),
        report.binary,
        '--api-socket',
        optionValue('path', files.control),
        '--event-monitor',
        // Its output, which is its log: see events.ts.
        'fd=1',
        // System calls that it has no business with end it; so it is by itself, but nobody should have to know that.
        '--seccomp',
        'true',
      ],
      // Without --log-file it writes its log to its error output, where its last words are, too. A guest can make it write
      // without end at any level of detail (-v) but the lowest.
      log: join(paths.logs, 'vmm.log'),
      ready: files.control,
    },
    requests: [{ method: 'PUT', path: '/api/v1/vm.create', body: vmConfig(site) }],
    endpoints: {
      control: files.control,
      serial: serial === null ? null : `${files.serial}.in`,
      display: null,
      agent: null,
    },
    serialLog: serial === null ? null : serialLog(paths.logs),
    decisions: decisions(site, tpm?.decision ?? null),
  };
}

/** When the guest begins anew, the VMM hangs up and comes back: each helper has to be there for it, again. */
function planNetwork({ definition: { nics }, report: { passt }, paths }: Site): PlannedProcess[] {
  return nics.flatMap((nic, index) => {
    if (nic.type !== 'user') return [];
    if (!passt.available) throw new Error('planned although judge() refused');
    const name = `passt-${index}`;
    const socket = passtSocket(paths.run, index);
    const command = passtCommand(passt, { socket, forwards: nic.forwards, vhostUser: true });
    return [{ name, command, log: join(paths.logs, `${name}.log`), ready: socket }];
  });
}

function planShares({ definition, report, paths }: Site): PlannedProcess[] {
  const { virtiofsd, sh } = report.tools;
  return usableShares(definition, report).map((share, index) => {
    const name = `share${index}`;
    const socket = shareSocket(paths.run, index);
    const command = virtiofsdCommand(virtiofsd.path ?? '', socket, share);
    return {
      name,
      // It ends with its connection.
      command: startedAgain(sh.path ?? '/bin/sh', runFiles(paths.run).control, command),
      log: join(paths.logs, `${name}.log`),
      ready: socket,
    };
  });
}

function planTpm({ definition, report: { tools }, paths }: Site) {
  if (definition.tpm !== 'emulated') return null;
  if (tools.swtpm.path === null) throw new Error('planned although judge() refused');
  const programs = {
    env: tools.env.path ?? '/usr/bin/env',
    swtpm: tools.swtpm.path,
    setup: tools.swtpmSetup.path,
  };
  return planSwtpm(programs, paths, definition.id, { keep: true });
}

function decisions({ definition, report }: Site, tpm: Decision | null): Decision[] {
  const { boot, memory, nics } = definition;
  const bytes = memoryBytes(definition);
  const { found } = report.firmware;
  return [
    { what: 'accelerator: kvm', why: report.kvm.proven ? 'a guest ran in it' : report.kvm.explanation },
    ...(bytes === memory
      ? []
      : [{ what: `memory: ${bytes / 2 ** 20} MiB`, why: 'memory is given in whole MiB' }]),
    ...(boot.type !== 'uefi' || found === null
      ? []
      : [{ what: `firmware: ${found.file}`, why: 'the first one found for cloud-hypervisor' }]),
    ...(nics.some(({ type }) => type === 'user')
      ? [{ what: 'network: passt', why: 'by vhost-user, the only way into cloud-hypervisor without root' }]
      : []),
    ...(tpm === null ? [] : [tpm]),
    report.landlock
      ? { what: 'sandbox: seccomp, Landlock', why: 'it opens the files of this machine and no others' }
      : {
          what: 'sandbox: seccomp only',
          why: 'the kernel of this PC has no Landlock (or not version 3 of it, from Linux 6.2), or does not say so',
        },
  ];
}
