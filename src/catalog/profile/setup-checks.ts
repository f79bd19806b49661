// SPDX-License-Identifier: Apache-2.0
import type { MachineDefinition } from '../../contract/machine.ts';

const GiB = 2 ** 30;

/** Names of the values below HKLM\SYSTEM\Setup\LabConfig by which Windows 11's Setup leaves out a check. */
export type SkippedCheck =
  | 'BypassTPMCheck'
  | 'BypassSecureBootCheck'
  | 'BypassRAMCheck'
  | 'BypassStorageCheck'
  | 'BypassCPUCheck';

/**
 * The checks that a machine would not pass, so that Windows 11 installs on it all the same. A machine that has everything is
 * checked as Microsoft means it, but for the processor: the guest sees that of this PC, or what an emulator plays, and
 * which ones Setup accepts is a list that grows without us.
 */
export function checksToSkip({
  boot,
  tpm,
  memory,

  disks,
}: Pick<MachineDefinition, 'boot' | 'tpm' | 'memory' | 'disks'>): SkippedCheck[] {
  const [disk] = disks;
  const signed = boot.type === 'uefi' && boot.secureBoot;
  return [
    ...(tpm === 'none' ? (['BypassTPMCheck'] as const) : []),
    ...(signed ? [] : (['BypassSecureBootCheck'] as const)),
    ...(memory < 4 * GiB ? (['BypassRAMCheck'] as const) : []),
    ...(disk?.size !== undefined && disk.size < 64 * GiB ? (['BypassStorageCheck'] as const) : []),
    'BypassCPUCheck',
  ];
}
