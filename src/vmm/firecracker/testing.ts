// SPDX-License-Identifier: Apache-2.0
//
// What the tests of this room share: a PC with a Firecracker and everything it needs, and machines for it.
import { parseDefinition } from '../../contract/definition.ts';
import type { MachineDefinition } from '../../contract/machine.ts';
import type { LaunchPlan } from '../../contract/plan.ts';
import type { Pasta } from '../../host/pasta-command.ts';
import type { MachinePaths } from '../driver.ts';
import { plan } from './plan.ts';
import type { FirecrackerReport } from './report.ts';

export const someId = '6f1c2b3a-1111-4111-8111-111111111111';

export const somePaths: MachinePaths = {
  machine: `/home/ann/.local/share/phyllome/machines/${someId}`,
  run: '/run/user/1000/phyllome/6f1c2b3a',
  logs: `/home/ann/.local/state/phyllome/logs/${someId}`,
};

/** A complete definition from the keys that matter to a test. */
export function machine(draft: object = {}): MachineDefinition {
  return parseDefinition({
    formatVersion: 1,
    id: someId,
    name: 'trial',
    architecture: 'x86_64',
    memory: '1GiB',
    boot: { type: 'kernel', kernel: 'kernel/vmlinux' },
    ...draft,
  });
}

/** A PC with KVM and pasta, as the probe would describe it. */
export function report(more: Partial<FirecrackerReport> = {}): FirecrackerReport {
  return {
    vmm: 'firecracker',
    binary: '/usr/local/bin/firecracker',
    version: '1.16.1',
    architecture: 'x86_64',
    answers: { version: '1.16.1', options: ['--enable-pci'] },
    kvm: { usable: true, proven: true, explanation: 'KVM works.' },
    flock: { path: '/usr/bin/flock', install: 'sudo apt install util-linux' },
    pasta: {
      available: true,
      path: '/usr/bin/pasta',
      version: null,
      options: ['--dns-forward', '--dns-host'],
      asRoot: false,
      nameservers: [],
      tools: {
        sh: '/usr/bin/sh',
        ip: '/usr/sbin/ip',
        nsenter: '/usr/bin/nsenter',
        setpriv: '/usr/bin/setpriv',
        unshare: '/usr/bin/unshare',
      },
    },
    cat: '/usr/bin/cat',
    ...more,
  };
}

/** The same PC with a pasta that has other options. */
export function withPasta(more: Partial<Pasta>): FirecrackerReport {
  const { pasta } = report();
  return report({ pasta: { ...pasta, ...more } });
}

export const planOf = (draft: object = {}, someReport = report()): LaunchPlan =>
  plan(machine(draft), someReport, somePaths);

/** What Firecracker is told under a path; undefined: nothing. */
export function requestOf({ requests }: LaunchPlan, path: string): unknown {
  return requests?.find((request) => request.path === path)?.body;
}
