// SPDX-License-Identifier: Apache-2.0
//
// VMMs on this PC, asked for their versions and for what they can do. What a driver needs to know exactly it asks
// itself (vmm/); this is for people, and for what the host can offer at all.
import type { VmmReport } from '../../contract/host.ts';
import { findBinary } from '../binaries.ts';
import type { RunProgram } from './run-program.ts';

interface Known {
  name: VmmReport['name'];
  program: string;
  version: readonly string[];
  /** Questions, and what in the answer shows which feature */
  questions: readonly { args: readonly string[]; features: Readonly<Record<string, RegExp>> }[];
}

const qemuQuestions: Known['questions'] = [
  { args: ['-accel', 'help'], features: { kvm: /^kvm$/m } },
  {
    args: ['-device', 'help'],
    features: {
      'virtio-gpu': /name "virtio-gpu-pci"/,
      'virtio-gpu-gl': /name "virtio-(?:gpu-gl-pci|vga-gl)"/,
      vfio: /name "vfio-pci"/,
      'usb-host': /name "usb-host"/,
      'vhost-vsock': /name "vhost-vsock-pci"/,
      virtiofs: /name "vhost-user-fs-pci"/,
      'tpm-emulator': /name "tpm-(?:crb|tis|tis-device)"/,
      'virtio-sound': /name "virtio-sound-pci"/,
      'virtio-iommu': /name "virtio-iommu-pci"/,
    },
  },
  {
    args: ['-device', 'virtio-gpu-gl-pci,help'],
    features: { venus: /^\s*venus=/m, 'native-context': /^\s*drm_native_context=/m, blob: /^\s*blob=/m },
  },
];

const known: readonly Known[] = [
  ...['x86_64', 'aarch64', 'riscv64'].map((architecture) => ({
    name: 'qemu' as const,
    program: `qemu-system-${architecture}`,
    version: ['--version'],
    questions: qemuQuestions,
  })),
  {
    name: 'cloud-hypervisor',
    program: 'cloud-hypervisor',
    version: ['--version'],
    questions: [
      {
        args: ['--help'],
        features: {
          vfio: /--device\b/,
          virtiofs: /--fs\b/,
          vsock: /--vsock\b/,
          tpm: /--tpm\b/,
          landlock: /--landlock\b/,
        },
      },
    ],
  },
  {
    name: 'crosvm',
    program: 'crosvm',
    version: ['version'],
    questions: [
      {
        args: ['run', '--help'],
        features: {
          gpu: /--gpu\b/,
          vfio: /--vfio\b/,
          virtiofs: /--shared-dir\b/,
          sound: /--virtio-snd\b/,
          usb: /--no-usb\b/,
        },
      },
    ],
  },
  {
    name: 'firecracker',
    program: 'firecracker',
    version: ['--version'],
    questions: [
      { args: ['--help'], features: { pci: /--enable-pci\b/, snapshots: /--describe-snapshot\b/ } },
    ],
  },
];

/** Every VMM we know, installed or not. */
export function readVmms(root: string, run: RunProgram): Promise<VmmReport[]> {
  return Promise.all(
    known.map(async ({ name, program, version, questions }) => {
      const path = findBinary(program, root);
      if (path === null) return { name, program, path, version: null, features: [] };
      const [said, ...answers] = await Promise.all([
        run(path, version),
        ...questions.map((question) => run(path, question.args)),
      ]);
      return { name, program, path, version: versionIn(said), features: featuresIn(questions, answers) };
    }),
  );
}

// All say it as the first number with a dot in it: "QEMU emulator version 7.2.22 (Debian ...)", "Firecracker v1.16.1".
function versionIn(said: string | null): string | null {
  return /\d+\.\d[\w.~+-]*/.exec(said?.trim().split('\n')[0] ?? '')?.[0] ?? null;
}

function featuresIn(questions: Known['questions'], answers: readonly (string | null)[]): string[] {
  return questions.flatMap(({ features }, index) =>
    Object.entries(features).flatMap(([feature, sign]) => (sign.test(answers[index] ?? '') ? [feature] : [])),
  );
}
