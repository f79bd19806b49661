// SPDX-License-Identifier: Apache-2.0
//
// Firecracker says "invalid ELF magic number" of a packed kernel, once the machine is half made. So its kernel is looked
// at before.
import { open } from 'node:fs/promises';
import type { MachineDefinition } from '../../contract/machine.ts';
import { locate } from '../../disk/locate.ts';
import { readSome } from '../../disk/read-some.ts';
import type { MachinePaths, Reason } from '../driver.ts';

type KernelForm = 'elf' | 'bzImage' | 'image' | 'other';

/** What a kernel is, by its first 1024 bytes. */
function kernelForm(head: Buffer): KernelForm {
  if (head.toString('latin1', 0, 5) === '\x7fELF\x02') return 'elf';
  if (head.toString('latin1', 0x202, 0x206) === 'HdrS') return 'bzImage';
  // Documentation/arch/arm64/booting.rst
  if (head.toString('latin1', 0x38, 0x3c) === 'ARM\x64') return 'image';
  return 'other';
}

/** Refusals that take a look into the machine's kernel. Files that are not there are found by the engine. */
export async function examine(
  { boot, architecture }: Pick<MachineDefinition, 'boot' | 'architecture'>,
  { machine }: Pick<MachinePaths, 'machine'>,
  { bzImage }: { bzImage: boolean },
): Promise<Reason[]> {
  if (boot.type !== 'kernel') return [];
  const form = await look(locate(machine, boot.kernel));
  if (form === null) return [];
  const wanted: readonly KernelForm[] =
    architecture === 'aarch64' ? ['image'] : bzImage ? ['elf', 'bzImage'] : ['elf'];
  if (wanted.includes(form)) return [];
  const packed = form === 'bzImage' || architecture === 'aarch64';
  return [
    {
      code: packed ? 'kernel-packed' : 'kernel-unknown',
      text: `firecracker cannot start the kernel ${boot.kernel}: it wants ${architecture === 'aarch64' ? 'a plain Image' : 'an unpacked one (an ELF file, vmlinux)'}, and this is ${words[form]}.`,
      hint: '"phyllome switch" unpacks the kernel of a machine; or run it with QEMU.',
    },
  ];
}

const words: Record<KernelForm, string> = {
  elf: 'an ELF file',
  bzImage: 'a packed one (bzImage)',
  image: 'one for ARM',
  other: 'something else',
};

async function look(file: string): Promise<KernelForm | null> {
  try {
    await using handle = await open(file, 'r');
    return kernelForm(await readSome(handle, 0, 1024));
  } catch {
    // Missing or closed to us: the check before each start says so better, and Firecracker cannot open it either.
    return null;
  }
}
