// SPDX-License-Identifier: Apache-2.0
//
// What a machine is made of, as arguments of "crosvm run".
import { join } from 'node:path';
import type { Disk, MachineDefinition } from '../../contract/machine.ts';
import type { Decision, PlannedProcess } from '../../contract/plan.ts';
import { locate } from '../../disk/locate.ts';
import { passtCommand } from '../../host/passt-command.ts';
import type { MachinePaths } from '../driver.ts';
import { kernelParameters, keyValues, sharedDirectory } from './arguments.ts';
import { usableShares } from './judge.ts';
import { hasOption, type CrosvmReport } from './report.ts';

/** What one concern adds to the plan. */
export interface Part {
  arguments: string[];
  helpers?: PlannedProcess[];
  directories?: string[];
  pipes?: string[];
  decisions?: Decision[];
}

export interface Site {
  definition: MachineDefinition;
  report: CrosvmReport;
  paths: MachinePaths;
}

export const serialInput = (run: string): string => join(run, 'serial.in');
export const serialLog = (logs: string): string => join(logs, 'serial.log');

export function planProcessors({ definition }: Site): Part {
  const { cpu, memory } = definition;
  const mebibytes = Math.ceil(memory / 2 ** 20);
  const decisions: Decision[] = [];
  if (cpu.topology !== undefined)
    decisions.push({ what: 'processors: one socket', why: 'crosvm does not lay them out in sockets' });
  if (mebibytes * 2 ** 20 !== memory)
    decisions.push({ what: `memory: ${mebibytes} MiB`, why: 'crosvm counts memory in MiB' });
  return {
    arguments: [
      ['--cpus', keyValues({ 'num-cores': cpu.vcpus })],
      ['--mem', keyValues({ size: mebibytes })],
    ].flat(),
    decisions,
  };
}

/**
 * A disk reaches the guest as virtio whatever bus it had. crosvm locks its file (flock), flushes when the guest says so
 * and gives freed space back; it has no way to write through, nor to ignore flushes.
 */
export function planDisks({ definition, paths }: Site): Part {
  const decisions: Decision[] = [];
  const fixed = definition.disks.flatMap((disk, index) => {
    const decision = cacheDecision(disk, index);
    if (decision !== null) decisions.push(decision);
    return [
      '--block',
      keyValues({
        path: locate(paths.machine, disk.file),
        id: disk.serial,
        ro: disk.readOnly,
        sparse: disk.discard === 'unmap',
        direct: isDirect(disk) ? true : undefined,
      }),
    ];
  });
  const media = definition.removable.flatMap(({ file }) =>
    file === undefined ? [] : ['--block', keyValues({ path: locate(paths.machine, file), ro: true })],
  );
  return { arguments: [...fixed, ...media], decisions };
}

// Around the page cache, crosvm reads the tables of a qcow2 image one by one from the disk.
const isDirect = ({ cache, format }: Disk): boolean => cache === 'none' && format === 'raw';

function cacheDecision(disk: Disk, index: number): Decision | null {
  if (disk.cache === 'writeback' || isDirect(disk)) return null;
  const why =
    disk.cache === 'none'
      ? 'a qcow2 image is slow without the cache in crosvm'
      : `crosvm has no ${disk.cache}`;
  return { what: `disk ${index}: cache writeback`, why };
}

export function planNics({ definition, report, paths }: Site): Part {
  const cards = definition.nics.flatMap((nic, index) => {
    if (nic.type !== 'user' || !report.passt.available) return [];
    const name = `passt-${index}`;
    const socket = join(paths.run, name);
    const command = passtCommand(report.passt, { socket, forwards: nic.forwards, vhostUser: true });
    return [
      {
        helper: { name, command, log: join(paths.logs, `${name}.log`), ready: socket },
        arguments: ['--vhost-user', keyValues({ type: 'net', socket })],
      },
    ];
  });
  const why = "it keeps the guest's traffic out of crosvm's process, and needs no privileges";
  return {
    helpers: cards.map(({ helper }) => helper),
    arguments: cards.flatMap((card) => card.arguments),
    decisions: cards.length === 0 ? [] : [{ what: 'network: passt (vhost-user)', why }],
  };
}

export function planShares({ definition, report }: Site): Part {
  const fields = usableShares(definition, report).map(({ path, tag }) => sharedDirectory(path, tag));
  return { arguments: fields.flatMap((field) => (field === null ? [] : ['--shared-dir', field])) };
}

/**
 * What the guest writes goes into the log. crosvm would wait for somebody to open the pipe for writing; its own standard
 * input is the same pipe, opened both ways, so it does not wait, and never sees the pipe end.
 */
export function planSerial({ definition, paths }: Site): Part {
  const port = { hardware: 'serial', num: 1 };
  if (definition.serialPorts === 0) return { arguments: ['--serial', keyValues({ type: 'sink', ...port })] };
  const files = { path: serialLog(paths.logs), input: serialInput(paths.run) };
  const named = definition.boot.type === 'kernel' && /(^|\s)console=/.test(definition.boot.commandLine);
  return {
    pipes: [join(paths.run, 'serial')],
    arguments: [
      '--serial',
      keyValues({ type: 'file', ...files, ...port, console: named ? undefined : true }),
    ],
    decisions: named
      ? []
      : [{ what: 'console: ttyS0', why: 'the command line names none, and there is no screen to look at' }],
  };
}

export function planHelpfulDevices({ definition, report }: Site): Part {
  const { balloon, rng, vsock, id } = definition;
  const option = (name: string): string[] => (hasOption(report, name) ? [name] : []);
  return {
    arguments: [
      ...(balloon ? option('--balloon-page-reporting') : option('--no-balloon')),
      ...(rng ? [] : option('--no-rng')),
      // Nothing can be plugged into its USB ports yet.
      ...option('--no-usb'),
      ...(vsock !== undefined && report.vhostVsock && hasOption(report, '--vsock')
        ? ['--vsock', keyValues({ cid: vsock.cid })]
        : []),
      ...(hasOption(report, '--smbios') ? ['--smbios', keyValues({ uuid: id })] : []),
    ],
  };
}

export function planSandbox({ report: { sandbox }, paths }: Site): Part {
  if (!sandbox.usable)
    return {
      arguments: ['--disable-sandbox'],
      decisions: [
        {
          what: 'sandbox: none',
          why: `crosvm cannot lock its devices in here (${sandbox.reason}). A guest that breaks out of one has all your rights`,
        },
      ],
    };
  const own = join(paths.run, 'empty');
  return {
    directories: sandbox.emptyFolder === null ? [own] : [],
    arguments: ['--pivot-root', sandbox.emptyFolder ?? own],
    decisions: [
      { what: 'sandbox: on', why: 'each device is a process of its own that sees no file of this PC' },
    ],
  };
}

/** Last of all, since it ends with the kernel, which has no option before it. */
export function planKernel({ definition: { boot }, paths }: Site): Part {
  if (boot.type !== 'kernel') throw new Error(`planned with boot.type ${boot.type} although judge() refused`);
  return {
    arguments: [
      ...(boot.initrd === undefined ? [] : ['--initrd', locate(paths.machine, boot.initrd)]),
      ...kernelParameters(boot.commandLine),
      locate(paths.machine, boot.kernel),
    ],
  };
}
