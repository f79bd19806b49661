// SPDX-License-Identifier: Apache-2.0
//
// What every machine has: board, accelerator, processor, memory, clock.
import type { Architecture, MachineDefinition } from '../../contract/machine.ts';
import { object, pairs } from './arguments.ts';
import { confidentialKind } from './confidential.ts';
import { needsSharedMemory } from './confidential-plan.ts';
import { microvm, usesMicrovm } from './microvm.ts';
import { hasDevice, type Opinion, type Part, type Site } from './part.ts';
import type { QemuReport } from './report.ts';
import { usableShares } from './shares.ts';
import { clockOf, isWindows } from '../guest-os.ts';
import { windowsProcessor } from './windows.ts';

const MiB = 2 ** 20;

/** Names of the boards; QEMU resolves them to its newest version of each. */
export const boards: Readonly<Record<Architecture, string>> = {
  x86_64: 'q35',
  aarch64: 'virt',
  riscv64: 'virt',
};

const boardOptions: Readonly<Record<Architecture, Readonly<Record<string, string>>>> = {
  // The HPET costs processor time in guests that use it, and nobody needs it; vmport serves VMware's tools.
  x86_64: { hpet: 'off', vmport: 'off' },
  aarch64: { 'gic-version': 'max' },
  riscv64: {},
};

/** Above this the guest needs an IOMMU for its interrupts, which we do not give it yet. */
const mostX86Vcpus = 255;

export function judgeBoard({ architecture, cpu }: MachineDefinition, report: QemuReport): Opinion {
  const { machine } = report.answers;
  const board = boards[architecture];
  if (machine === undefined) {
    const text = `${report.binary} (version ${report.version}) has no board named ${board}.`;
    return { refusals: [{ code: 'board-missing', text, hint: 'Reinstall QEMU from your distribution.' }] };
  }
  const most = architecture === 'x86_64' ? Math.min(machine.maxVcpus, mostX86Vcpus) : machine.maxVcpus;
  if (cpu.vcpus <= most) return {};
  const text = `${cpu.vcpus} processors are more than the ${most} that the board ${board} takes.`;
  return { refusals: [{ code: 'too-many-vcpus', text, hint: `Set cpu.vcpus to ${most} or less.` }] };
}

export function planBoard(site: Site): Part {
  const { definition, report } = site;
  const { architecture, cpu } = definition;
  const { accelerator, explanation } = report.accelerator;
  const topology = cpu.topology ?? { sockets: 1, cores: cpu.vcpus, threads: 1 };
  const shared =
    usableShares(definition, report).length > 0 || needsSharedMemory(confidentialKind(definition));
  const micro = usesMicrovm(definition, report);
  const memory = Math.ceil(definition.memory / MiB);
  return {
    // A core dump would put the guest's memory, with its secrets, on the disk of this PC.
    machine: {
      ...(micro ? microvm.options : boardOptions[architecture]),
      'dump-guest-core': 'off',
      ...(shared ? { 'memory-backend': 'ram' } : {}),
    },
    arguments: [
      // TCG's defaults are kept: it uses a thread for each processor wherever the host's memory model allows it,
      // and up to 1 GiB (an eighth of the host's memory at most) for translated code, touched as needed.
      ['-accel', accelerator],
      ['-cpu', processor(definition, report)],
      ['-smp', pairs('', { cpus: cpu.vcpus, maxcpus: cpu.vcpus, ...topology })],
      // Device servers of other processes (virtiofsd) work in the guest's memory: it has to be a shared file.
      shared
        ? object({ 'qom-type': 'memory-backend-memfd', id: 'ram', size: memory * MiB, share: true })
        : [],
      ['-m', `size=${memory}M`],
      ['-rtc', pairs('', clock(definition))],
      // Guests that put themselves to sleep (S3, S4) look dead from outside, and few wake up whole.
      micro ? microvm.arguments : [],
      architecture === 'x86_64' && !micro
        ? ['-global', 'ICH9-LPC.disable_s3=1', '-global', 'ICH9-LPC.disable_s4=1']
        : [],
    ].flat(),
    decisions: [
      { what: `accelerator: ${accelerator}`, why: explanation },
      ...(memory * MiB === definition.memory
        ? []
        : [{ what: `memory: ${memory} MiB`, why: 'QEMU takes whole MiB; the definition was rounded up' }]),
    ],
  };
}

/** Windows keeps local time in the clock of the board, and would lose its ticks while this PC is busy. */
function clock(definition: MachineDefinition): Record<string, string> {
  const windows = isWindows(definition);
  return {
    base: clockOf(definition) === 'local' ? 'localtime' : 'utc',
    ...(windows && definition.architecture === 'x86_64' ? { driftfix: 'slew' } : {}),
  };
}

/**
 * With KVM the guest gets this PC's processor. Under TCG it gets the newest one QEMU can play, because current
 * systems (RHEL 10, Ubuntu on RISC-V) refuse old ones, without what is only slow in emulation: the fifth level
 * of page tables (a boot takes some 3 to 6 % longer with it) and pointer authentication by its real cipher.
 * lpa2 keeps Linux before 5.12 from booting.
 */
function processor(definition: MachineDefinition, report: QemuReport): string {
  const { architecture, cpu } = definition;
  if (report.accelerator.accelerator === 'kvm') {
    // AMD processors only show their threads with this; Intel's do without, and QEMU then says so and goes on.
    const threads = architecture === 'x86_64' && (cpu.topology?.threads ?? 1) > 1 ? ['topoext=on'] : [];
    return ['host', ...threads, ...windowsProcessor(definition, report.kernel)].join(',');
  }
  switch (architecture) {
    case 'x86_64':
      return 'max,la57=off';
    case 'aarch64':
      return 'max,pauth-impdef=on,lpa2=off';
    case 'riscv64':
      return hasDevice(report, 'max-riscv-cpu') ? 'max' : 'rv64';
  }
}
