// SPDX-License-Identifier: Apache-2.0
//
// QEMU puts the initrd of an unpacked kernel (PVH) 160 KiB below the end of memory. With a TPM, its BIOS keeps the log of
// what was measured there, and the tables by which a system finds its devices (ACPI) right below: the initrd is written
// over them. Linux then says "ACPI: Interpreter disabled", and has no TPM and no power button. What loads a packed kernel asks
// the BIOS where memory ends. Seen with QEMU 7.2.
import { open } from 'node:fs/promises';
import type { MachineDefinition } from '../../contract/machine.ts';
import { locate } from '../../disk/locate.ts';
import type { MachinePaths, Reason } from '../driver.ts';

const elf = '\x7fELF';

/** Refusals that take a look into the machine's kernel. Files that are not there are found by the engine. */
export async function examine(
  { boot, architecture, tpm }: Pick<MachineDefinition, 'boot' | 'architecture' | 'tpm'>,
  { machine }: Pick<MachinePaths, 'machine'>,
): Promise<Reason[]> {
  if (tpm === 'none' || architecture !== 'x86_64') return [];
  if (boot.type !== 'kernel' || boot.initrd === undefined) return [];
  if ((await firstBytes(locate(machine, boot.kernel))) !== elf) return [];
  return [
    {
      code: 'tpm-unpacked-kernel',
      text: `The kernel ${boot.kernel} is an unpacked one (an ELF file), and QEMU would write its initrd over the tables by which the guest finds its TPM.`,
      hint: 'Give the packed kernel (vmlinuz as its distribution has it), start by UEFI, or set tpm to none.',
    },
  ];
}

/** null: there is no such file, or it cannot be read; the start says so. */
async function firstBytes(file: string): Promise<string | null> {
  try {
    await using handle = await open(file);
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(elf.length), 0, elf.length, 0);
    return buffer.toString('latin1', 0, bytesRead);
  } catch {
    return null;
  }
}
