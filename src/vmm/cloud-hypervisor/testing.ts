// SPDX-License-Identifier: Apache-2.0
//
// What the tests of this room share: a PC with everything installed, and machines for it.
import { parseDefinition } from '../../contract/definition.ts';
import type { MachineDefinition } from '../../contract/machine.ts';
import type { LaunchPlan } from '../../contract/plan.ts';
import type { MachinePaths } from '../driver.ts';
import { plan } from './plan.ts';
import type { CloudHypervisorReport } from './report.ts';

export const someId = '6f1c2b3a-1111-4111-8111-111111111111';

export const somePaths: MachinePaths = {
  machine: `/home/ann/.local/share/phyllome/machines/${someId}`,
  run: '/run/user/1000/phyllome/6f1c2b3a',
  logs: `/home/ann/.local/state/phyllome/logs/${someId}`,
};

/** A complete definition from the keys that matter to a test: the least that runs without any loss. */
export function machine(draft: object = {}): MachineDefinition {
  return parseDefinition({
    formatVersion: 1,
    id: someId,
    name: 'trial',
    architecture: 'x86_64',
    memory: '1GiB',
    boot: { type: 'kernel', kernel: 'kernel/vmlinuz', commandLine: 'console=ttyS0' },
    display: { type: 'none' },
    agent: false,
    ...draft,
  });
}

/** A PC with KVM, Landlock and all tools, as the probe would describe it. */
export function report(more: Partial<CloudHypervisorReport> = {}): CloudHypervisorReport {
  return {
    vmm: 'cloud-hypervisor',
    binary: '/usr/local/bin/cloud-hypervisor',
    version: '53.0',
    architecture: 'x86_64',
    answers: { version: '53.0', features: ['io_uring', 'kvm'], options: ['--api-socket', '--landlock'] },
    kvm: { usable: true, proven: true, explanation: 'KVM works.' },
    flock: { path: '/usr/bin/flock', install: 'sudo apt install util-linux' },
    firmware: {
      found: { kind: 'edk2', file: '/usr/share/cloudhv-efi-x86-64/CLOUDHV.fd' },
      install: 'sudo apt install cloudhv-efi-x86-64',
    },
    passt: {
      available: true,
      path: '/usr/bin/passt',
      version: '2025_05_03',
      options: ['--stderr', '--vhost-user'],
      asRoot: false,
      nameservers: [],
    },
    tools: {
      env: { path: '/usr/bin/env', install: '' },
      sh: { path: '/bin/sh', install: '' },
      cat: { path: '/bin/cat', install: '' },
      swtpm: { path: '/usr/bin/swtpm', install: 'sudo apt install swtpm' },
      swtpmSetup: { path: '/usr/bin/swtpm_setup', install: 'sudo apt install swtpm-tools' },
      virtiofsd: { path: '/usr/libexec/virtiofsd', install: 'sudo apt install virtiofsd' },
    },
    virtiofsd: { current: true, readOnly: true },
    landlock: true,
    ...more,
  };
}

export function planOf(draft: object, someReport = report()): LaunchPlan {
  return plan(machine(draft), someReport, somePaths);
}

/** What the VMM is told of the machine. */
export function configOf({ requests = [] }: LaunchPlan): Record<string, unknown> {
  return requests[0]?.body as Record<string, unknown>;
}
