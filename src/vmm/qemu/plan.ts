// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import type { MachineDefinition } from '../../contract/machine.ts';
import type { Decision, LaunchPlan, Restore } from '../../contract/plan.ts';
import type { GivenKernel, MachinePaths } from '../driver.ts';
import { lockedBy } from '../lock-command.ts';
import { requireShortSockets } from '../socket-paths.ts';
import { pairs, serverSocket } from './arguments.ts';
import { boards, planBoard } from './board.ts';
import { kernelArguments, planBoot } from './boot.ts';
import {
  agentSocket,
  planAgent,
  planPorts,
  planSerial,
  planVsock,
  serialInput,
  serialLog,
} from './channels.ts';
import { planClipboard } from './clipboard.ts';
import { confidentialKind } from './confidential.ts';
import { planConfidential, planConfidentialBoot } from './confidential-plan.ts';
import { planDisks } from './disks.ts';
import { displaySocket, planDisplay, planSound } from './display.ts';
import { planHelpfulDevices } from './helpful-devices.ts';
import { planNics } from './nics.ts';
import { planLimits } from './live-disks.ts';
import { microvm, microvmDecision, usesMicrovm, withoutPci } from './microvm.ts';
import { nothing, type Part, type Site } from './part.ts';
import { createRootPorts } from './pci.ts';
import type { QemuReport } from './report.ts';
import { planSgx } from './sgx.ts';
import { planShares } from './shares.ts';
import { planTpm } from './tpm.ts';
import { planUsb } from './usb.ts';

/** What a start does, as data. Pure. Only for definitions that `judge` did not refuse. */
export function plan(
  definition: MachineDefinition,
  report: QemuReport,
  paths: MachinePaths,
  restore?: Restore,
  given?: GivenKernel,
): LaunchPlan {
  requireShortSockets(paths.run);
  const ports = createRootPorts();
  const site: Site = { definition, report, paths, ports };
  const board = planBoard(site);
  const boot = confidentialKind(definition) === null ? planBoot(site) : planConfidentialBoot(site);
  const sealed = [planConfidential(site), planSgx(site)];
  const devices = planDevices(site, restore);
  const parts = [board, boot, ...sealed, ...devices];
  const micro = usesMicrovm(definition, report);
  const { serialPorts, display, agent } = definition;
  const log = join(paths.logs, 'vmm.log');
  return {
    machine: { id: definition.id, name: definition.name },
    vmm: report.vmm,
    version: report.version,
    accelerator: report.accelerator.accelerator,
    runDirectory: paths.run,
    directories: parts.flatMap((part) => part.directories ?? []),
    files: parts.flatMap((part) => part.files ?? []),
    pipes: parts.flatMap((part) => part.pipes ?? []),
    ...Object.assign({}, ...parts.map(({ tpm }) => (tpm === undefined ? {} : { tpm }))),
    ...Object.assign({}, ...parts.map(({ cables }) => (cables === undefined ? {} : { cables }))),
    helpers: parts.flatMap((part) => part.helpers ?? []),
    process: {
      name: 'qemu',
      command: [
        lockedBy(report.tools.flock.path, paths.machine),
        report.binary,
        planBasics(site),
        [
          '-machine',
          pairs(
            restore?.machineType ?? (micro ? microvm.board : boards[definition.architecture]),
            machineOptions([board, boot, ...sealed]),
          ),
        ],
        // What the guest goes on from is read when we are there to see it.
        restore === undefined ? [] : ['-incoming', 'defer'],
        board.arguments,
        boot.arguments,
        given === undefined ? [] : kernelArguments(given),
        sealed.flatMap((part) => part.arguments),
        micro ? [] : ports.arguments(),
        micro
          ? withoutPci(devices.flatMap((part) => part.arguments))
          : devices.flatMap((part) => part.arguments),
      ].flat(),
      log,
      ready: controlSocket(paths.run),
    },
    ...requestsOf(definition),
    ...confidentialPart(definition),
    ...Object.assign({}, ...parts.map(({ diskKey }) => (diskKey === undefined ? {} : { diskKey }))),
    ...(restore !== undefined && { restore }),
    endpoints: {
      control: controlSocket(paths.run),
      serial: serialPorts > 0 ? serialInput(paths.run) : null,
      display: display.type === 'none' ? null : displaySocket(paths.run),
      agent: agent ? agentSocket(paths.run) : null,
    },
    serialLog: serialPorts > 0 ? serialLog(paths.logs) : null,
    // A reset would start the given kernel once more.
    ...((definition.throwAway === true || given !== undefined) && { onReset: 'end' as const }),
    decisions: [
      ...microvmDecision(site),
      ...parts.flatMap((part) => part.decisions ?? []),
      ...sandboxDecision(report),
    ],
  };
}

/** What no argument can say. */
function requestsOf({ disks }: MachineDefinition): Pick<LaunchPlan, 'requests'> {
  const requests = planLimits(disks);
  return requests.length === 0 ? {} : { requests };
}

/** Whoever attaches to it then knows that there is a measurement. */
function confidentialPart(definition: MachineDefinition): Pick<LaunchPlan, 'confidential'> {
  const kind = confidentialKind(definition);
  return kind === null ? {} : { confidential: kind };
}

/** The board takes all its options in one argument. */
function machineOptions(parts: readonly Part[]): Record<string, string> {
  return Object.assign({}, ...parts.map(({ machine }) => machine ?? {})) as Record<string, string>;
}

/**
 * Network cards come first: they then keep their PCI bus, and with it the name the guest gives them, whatever
 * disks and shares come and go. Controllers come before the devices on them.
 */
function planDevices(site: Site, restore: Restore | undefined): Part[] {
  return [
    planNics(site, restore),
    planUsb(site),
    planDisks(site),
    planShares(site),
    planVsock(site),
    planDisplay(site),
    planSound(site),
    planSerial(site),
    planPorts(site),
    planAgent(site),
    restore?.without.includes('clipboard') === true ? nothing : planClipboard(site),
    planTpm(site),
    planHelpfulDevices(site),
  ];
}

const controlSocket = (run: string): string => join(run, 'control');

function planBasics({ definition, report, paths }: Site): string[] {
  return [
    // Nothing that we did not ask for, neither devices nor files of the user or the distribution.
    ['-nodefaults', '-no-user-config', '-display', 'none'],
    ['-name', pairs('', { guest: definition.name, 'debug-threads': 'on' })],
    ['-uuid', definition.id],
    ['-msg', 'timestamp=on'],
    report.answers.sandbox ? ['-sandbox', sandbox] : [],
    // The guest waits until somebody attached, so that no event of its life is missed.
    '-S',
    // A guest that powers off or panics leaves its VMM, which still can tell how it ended and what was on the screen.
    // One that is there for one run does not begin another.
    ['-action', `shutdown=pause,panic=pause${definition.throwAway === true ? ',reboot=shutdown' : ''}`],
    serverSocket('control', controlSocket(paths.run)),
    ['-mon', 'chardev=control,mode=control'],
  ].flat();
}

/** System calls that QEMU has no business with: old ones, other users, new programs, priorities. */
const sandbox = 'on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny';

function sandboxDecision(report: QemuReport): Decision[] {
  if (report.answers.sandbox) return [];
  return [{ what: 'sandbox: none', why: `${report.binary} was built without seccomp` }];
}
