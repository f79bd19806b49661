// SPDX-License-Identifier: Apache-2.0
import type { Architecture, Disk } from '../contract/machine.ts';
import { fatHasFile } from './fat.ts';
import { openGuestBytes } from './guest-bytes.ts';
import { espType, readPartitionTable } from './partitions.ts';

// What firmware without any variables starts (UEFI Specification, 3.5.1.1).
const loaders: Record<Architecture, string> = {
  x86_64: 'BOOTX64.EFI',
  aarch64: 'BOOTAA64.EFI',
  riscv64: 'BOOTRISCV64.EFI',
};

/**
 * Whether a disk can be started by a firmware that remembers nothing: \EFI\BOOT\BOOTX64.EFI (or the like) is on its EFI
 * system partition. No, when it cannot be told.
 */
export async function hasFallbackLoader(
  file: string,
  format: Disk['format'],
  architecture: Architecture,
): Promise<boolean> {
  try {
    await using content = await openGuestBytes(file, format);
    if (content === null) return false;
    const { kind, partitions } = await readPartitionTable(content.read);
    const type = kind === 'gpt' ? espType : 'ef';
    for (const { offset } of partitions.filter((partition) => partition.type === type)) {
      if (await fatHasFile(content.read, offset, ['EFI', 'BOOT', loaders[architecture]])) return true;
    }
    return false;
  } catch {
    // A table that is cut off, places that do not exist.
    return false;
  }
}
