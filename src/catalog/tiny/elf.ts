// SPDX-License-Identifier: Apache-2.0
import type { Architecture } from '../../contract/machine.ts';

// e_machine of the ELF header (elf.h).
const machines: Record<Architecture, number> = { x86_64: 62, aarch64: 183, riscv64: 243 };
const programInterpreter = 3; // PT_INTERP

/**
 * Whether a file is a program that needs nothing but a kernel of this architecture: 64-bit little-endian ELF
 * that names no dynamic loader.
 */
export function isStaticProgram(file: Buffer, architecture: Architecture): boolean {
  const is64BitLittleEndianElf =
    file.length >= 64 && file.readUInt32BE(0) === 0x7f454c46 && file[4] === 2 && file[5] === 1;
  if (!is64BitLittleEndianElf || file.readUInt16LE(18) !== machines[architecture]) return false;
  const tableOffset = Number(file.readBigUInt64LE(32)); // e_phoff
  const entrySize = file.readUInt16LE(54); // e_phentsize
  const count = file.readUInt16LE(56); // e_phnum
  if (entrySize < 4 || tableOffset + count * entrySize > file.length) return false;
  for (let index = 0; index < count; index += 1) {
    if (file.readUInt32LE(tableOffset + index * entrySize) === programInterpreter) return false;
  }
  return true;
}
