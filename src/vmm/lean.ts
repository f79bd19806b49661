// SPDX-License-Identifier: Apache-2.0
//
// What the VMMs of the public clouds have in common: no package brings them, and they need a KVM that works.
import { stat } from 'node:fs/promises';
import { PhyllomeError } from '../contract/errors.ts';
import type { Architecture, MachineDefinition, VmmName } from '../contract/machine.ts';
import { accelerator } from '../host/accelerator.ts';
import { kvmDeviceProblem } from '../host/accelerator-device.ts';
import { hostArchitecture } from '../host/architecture.ts';
import { findBinary } from '../host/binaries.ts';
import { installHint } from '../host/install-hint.ts';
import { cannot, can, partly, type Ability } from './abilities.ts';
import type { DriverReport, Reason } from './driver.ts';
import type { DriverDirectories } from './drivers.ts';

/** Whether this PC can run guests of a kind for a VMM that knows nothing but KVM. */
export interface KvmReport {
  usable: boolean;
  /** A guest ran in it. Without a QEMU to try it with, an open device has to do */
  proven: boolean;
  explanation: string;
}

/** What every such driver reports; each adds its own. Plain data. */
export interface LeanReport extends DriverReport {
  architecture: Architecture;
  kvm: KvmReport;
  flock: { path: string | null; install: string };
}

/** @throws PhyllomeError `vmm-not-found` */
export function findVmm(
  vmm: VmmName,
  { program, source }: { program: string; source: string },
  { vmmDirectory }: Pick<DriverDirectories, 'vmmDirectory'>,
): string {
  const own = vmmDirectory();
  const binary = findBinary(program, '/', own);
  if (binary !== null) return binary;
  const looked = own === null ? 'PATH' : `${own} and PATH`;
  throw new PhyllomeError('vmm-not-found', { vmm, program, looked, source });
}

export function findFlock(): LeanReport['flock'] {
  return { path: findBinary('flock'), install: installHint('flock') };
}

/** The test guest that decides it runs in QEMU, where that is installed; see docs/accelerator.md. */
export async function probeKvm(architecture: Architecture, cacheDirectory: string): Promise<KvmReport> {
  if (architecture !== hostArchitecture())
    return {
      usable: false,
      proven: true,
      explanation: `the guest is built for ${architecture}, and only QEMU can play a foreign processor`,
    };
  const binary = findBinary(`qemu-system-${architecture}`);
  if (binary !== null && (await stat(binary)).isFile()) {
    const verdict = await accelerator({ architecture, binary, cacheDirectory });
    return {
      usable: verdict.accelerator === 'kvm',
      proven: true,
      explanation: verdict.explanation,
    };
  }
  const problem = await kvmDeviceProblem('/');
  return problem === null
    ? { usable: true, proven: false, explanation: 'it opens; no QEMU is here to try a guest in it first' }
    : { usable: false, proven: true, explanation: problem.explanation };
}

export function kvmAbility({ usable, proven, explanation }: KvmReport): Ability {
  if (!usable) return cannot('host', explanation);
  return proven ? can('host') : partly('host', explanation);
}

/** Why no such VMM can run the machine on this PC, whatever the machine is. */
export function judgeHost(
  { architecture }: Pick<MachineDefinition, 'architecture'>,
  { vmm, kvm, flock }: LeanReport,
): Reason[] {
  const reasons: Reason[] = [];
  if (!kvm.usable)
    reasons.push({
      code: architecture === hostArchitecture() ? 'no-kvm' : 'no-foreign-architecture',
      text: `${vmm} needs KVM, and it cannot be used: ${kvm.explanation}`,
      hint: 'Run it with QEMU, which can do without; "phyllome doctor" says what would make KVM work.',
    });
  if (flock.path === null)
    reasons.push({
      code: 'tool-missing',
      text: 'flock is not installed, and without it two programs could write to the disks of one machine.',
      hint: `Run "phyllome setup", or install it with: ${flock.install}`,
    });
  return reasons;
}
