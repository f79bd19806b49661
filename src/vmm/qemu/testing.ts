// SPDX-License-Identifier: Apache-2.0
//
// What the tests of this room share: a PC with everything installed, and machines for it.
import { parseDefinition } from '../../contract/definition.ts';
import type { Architecture, MachineDefinition } from '../../contract/machine.ts';
import type { LaunchPlan } from '../../contract/plan.ts';
import type { MachinePaths } from '../driver.ts';
import type { Firmware } from './firmware-choice.ts';
import { plan } from './plan.ts';
import type { QemuReport } from './report.ts';

export const somePaths: MachinePaths = {
  machine: '/home/ann/.local/share/phyllome/machines/6f1c2b3a-1111-4111-8111-111111111111',
  run: '/run/user/1000/phyllome/6f1c2b3a',
  logs: '/home/ann/.local/state/phyllome/logs/6f1c2b3a-1111-4111-8111-111111111111',
  tpmAuthority: '/home/ann/.local/share/phyllome/tpm-authority',
};

/** A complete definition from the keys that matter to a test. */
export function machine(draft: object = {}): MachineDefinition {
  return parseDefinition({
    formatVersion: 1,
    id: '6f1c2b3a-1111-4111-8111-111111111111',
    name: 'trial',
    architecture: 'x86_64',
    memory: '1GiB',
    boot: { type: 'bios' },
    ...draft,
  });
}

const knownDevices = [
  'virtio-vga',
  'virtio-gpu-pci',
  'VGA',
  'qxl-vga',
  'virtio-sound-pci',
  'vhost-user-fs-pci',
  'tpm-crb',
  'tpm-tis',
  'tpm-tis-device',
  'max-riscv-cpu',
];

const boardNames: Record<Architecture, string> = {
  x86_64: 'pc-q35-7.2',
  aarch64: 'virt-7.2',
  riscv64: 'virt',
};

/** A PC with KVM, passt and all tools, as the probe would describe it. */
export function report(architecture: Architecture = 'x86_64', more: Partial<QemuReport> = {}): QemuReport {
  return {
    vmm: 'qemu',
    binary: `/usr/bin/qemu-system-${architecture}`,
    version: '8.2.0',
    architecture,
    answers: {
      version: '8.2.0',
      machine: { name: boardNames[architecture], maxVcpus: 288 },
      devices: knownDevices,
      netdevs: ['user', 'stream', 'hubport'],
      chardevs: ['socket', 'pipe', 'qemu-vdagent'],
      objects: ['memory-backend-memfd', 'rng-random'],
      microvm: true,
      vnc: true,
      sandbox: true,
    },
    accelerator: {
      architecture,
      accelerator: 'kvm',
      reason: 'kvm-works',
      explanation: 'KVM works.',
      evidence: { steps: [], missing: null, exitCode: 0, signal: null, messages: [], milliseconds: 90 },
      probedAt: '2026-11-23T00:00:00.000Z',
    },
    firmware: {
      found: [firmware('secure', true), firmware('plain', false)],
      sealed: [],
      problems: [],
      looked: ['/usr/share/qemu/firmware'],
      install: 'sudo apt install ovmf',
    },
    tools: {
      env: { path: '/usr/bin/env', install: '' },
      flock: { path: '/usr/bin/flock', install: 'sudo apt install util-linux' },
      swtpm: { path: '/usr/bin/swtpm', install: 'sudo apt install swtpm' },
      swtpmSetup: { path: '/usr/bin/swtpm_setup', install: 'sudo apt install swtpm-tools' },
      virtiofsd: { path: '/usr/libexec/virtiofsd', install: 'sudo apt install virtiofsd' },
    },
    passt: {
      available: true,
      path: '/usr/bin/passt',
      version: '2025_05_03',
      options: ['--stderr'],
      asRoot: false,
      nameservers: [],
    },
    virtiofsd: { current: true, readOnly: true },
    hostTpm: null,
    kernel: '6.8.0-45-generic',
    cables: null,
    vhostNet: true,
    vhostVsock: true,
    confidential: {
      kinds: [],
      sevDevice: 'ENOENT',
      sev: null,
      problem: '',
      lockableBytes: null,
      sgxDevice: 'ENOENT',
    },
    ...more,
  };
}

/** The same PC without KVM. */
export function tcgReport(architecture: Architecture = 'x86_64', more: Partial<QemuReport> = {}): QemuReport {
  const { accelerator, ...rest } = report(architecture, more);
  const explanation = 'There is no KVM.';
  return { ...rest, accelerator: { ...accelerator, accelerator: 'tcg', reason: 'kvm-absent', explanation } };
}

export function firmware(name: string, secureBoot: boolean, more: Partial<Firmware> = {}): Firmware {
  return {
    descriptor: `/usr/share/qemu/firmware/${name}.json`,
    description: `${name} firmware`,
    code: { file: `/fw/CODE_4M.${name}.fd`, format: 'raw' },
    vars: { file: `/fw/VARS_4M.${name}.fd`, format: 'raw' },
    targets: [
      { architecture: 'x86_64', machines: ['pc-q35-*'] },
      { architecture: 'aarch64', machines: ['virt-*'] },
      { architecture: 'riscv64', machines: ['virt*'] },
    ],
    secureBoot,
    enrolledKeys: secureBoot,
    requiresSmm: secureBoot,
    kinds: [],
    ...more,
  };
}

export function planOf(draft: object, someReport?: QemuReport): LaunchPlan {
  const definition = machine(draft);
  return plan(definition, someReport ?? report(definition.architecture), somePaths);
}

/** The values of an option in a plan, e.g. every -device. */
export function valuesOf({ process: { command } }: LaunchPlan, option: string): string[] {
  return command.filter((_, index) => command[index - 1] === option);
}

/** A device, block node, network backend or object of a plan by its id. */
export function jsonOf(
  launchPlan: LaunchPlan,
  option: string,
  id: string,
): Record<string, unknown> | undefined {
  const parsed = valuesOf(launchPlan, option).map((value) => JSON.parse(value) as Record<string, unknown>);
  return parsed.find((value) => value['id'] === id || value['node-name'] === id);
}
