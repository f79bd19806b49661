// SPDX-License-Identifier: Apache-2.0
//
// What the tests of this room share: a PC with a crosvm and everything it needs, and machines for it.
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseDefinition } from '../../contract/definition.ts';
import type { MachineDefinition } from '../../contract/machine.ts';
import type { LaunchPlan } from '../../contract/plan.ts';
import type { MachinePaths } from '../driver.ts';
import { fakeCrosvm } from './fake-crosvm.ts';
import { plan } from './plan.ts';
import type { CrosvmReport } from './report.ts';

export const machineId = '6f1c2b3a-1111-4111-8111-111111111111';

export const somePaths: MachinePaths = {
  machine: `/home/ann/.local/share/phyllome/machines/${machineId}`,
  run: '/run/user/1000/phyllome/6f1c2b3a',
  logs: `/home/ann/.local/state/phyllome/logs/${machineId}`,
};

/** A complete definition from the keys that matter to a test. */
export function machine(draft: object = {}): MachineDefinition {
  return parseDefinition({
    formatVersion: 1,
    id: machineId,
    name: 'trial',
    architecture: 'x86_64',
    memory: '1GiB',
    boot: { type: 'kernel', kernel: 'kernel/vmlinux' },
    ...draft,
  });
}

const options = [
  '--balloon-page-reporting',
  '--no-balloon',
  '--no-rng',
  '--no-usb',
  '--shared-dir',
  '--smbios',
  '--suspended-vcpus',
  '--vhost-user',
  '--vsock',
];

/** A PC with KVM, passt and a sandbox that works, as the probe would describe it. */
export function report(more: Partial<CrosvmReport> = {}): CrosvmReport {
  return {
    vmm: 'crosvm',
    binary: '/usr/local/bin/crosvm',
    version: '0.1.0-f1e797a',
    architecture: 'x86_64',
    answers: { version: '0.1.0-f1e797a', options, commands: ['create_qcow2', 'stop'] },
    kvm: { usable: true, proven: true, explanation: 'KVM works.' },
    flock: { path: '/usr/bin/flock', install: 'sudo apt install util-linux' },
    sandbox: { usable: true, reason: '', emptyFolder: '/var/empty', root: false },
    passt: {
      available: true,
      path: '/usr/bin/passt',
      version: '2025_05_03',
      options: ['--stderr', '--vhost-user'],
      asRoot: false,
      nameservers: [],
    },
    vhostVsock: true,
    ...more,
  };
}

/** The same crosvm, built without some options. */
export function without(...missing: string[]): CrosvmReport {
  const { answers } = report();
  return report({ answers: { ...answers, options: options.filter((name) => !missing.includes(name)) } });
}

export const planOf = (draft: object = {}, someReport = report()): LaunchPlan =>
  plan(machine(draft), someReport, somePaths);

/** Every value of an option, in order. */
export function valuesOf({ process }: LaunchPlan, option: string): string[] {
  const { command } = process;
  return command.filter((_, index) => command[index - 1] === option);
}

export interface FakePc extends AsyncDisposable {
  directory: string;
  /** A crosvm that can be executed */
  binary: string;
  paths: MachinePaths;
}

/** Folders for one machine with a kernel, and a crosvm that only plays. */
export async function fakePc(): Promise<FakePc> {
  const directory = await mkdtemp(join(tmpdir(), 'ph-crosvm-'));
  const binary = join(directory, 'crosvm');
  await writeFile(binary, fakeCrosvm.programText());
  await chmod(binary, 0o755);
  const paths = { machine: join(directory, 'm'), run: join(directory, 'r'), logs: join(directory, 'l') };
  for (const folder of [join(paths.machine, 'kernel'), paths.run, paths.logs])
    await mkdir(folder, { recursive: true });
  await writeFile(join(paths.machine, 'kernel/vmlinux'), 'a kernel');
  return {
    directory,
    binary,
    paths,
    [Symbol.asyncDispose]: () => rm(directory, { recursive: true, force: true }),
  };
}
