// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from 'vitest';
import { isStaticProgram } from './elf.ts';

/** An ELF header and a program header table with entries of these types. */
function elf(machine: number, types: readonly number[]): Buffer {
  const file = Buffer.alloc(64 + types.length * 56);
  file.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  file.writeUInt16LE(machine, 18);
  file.writeBigUInt64LE(64n, 32);
  file.writeUInt16LE(56, 54);
  file.writeUInt16LE(types.length, 56);
  for (const [index, type] of types.entries()) file.writeUInt32LE(type, 64 + index * 56);
  return file;
}

describe('isStaticProgram', () => {
  test('accepts a program without a loader, for its own architecture only', () => {
    expect(isStaticProgram(elf(62, [1, 1]), 'x86_64')).toBe(true);
    expect(isStaticProgram(elf(62, [1, 1]), 'aarch64')).toBe(false);
    expect(isStaticProgram(elf(183, [1]), 'aarch64')).toBe(true);
    expect(isStaticProgram(elf(243, [1]), 'riscv64')).toBe(true);
  });

  test('refuses one that names a loader', () => {
    expect(isStaticProgram(elf(62, [6, 3, 1]), 'x86_64')).toBe(false);
  });

  test('refuses what is no program', () => {
    expect(isStaticProgram(Buffer.from('#!/bin/sh\n'), 'x86_64')).toBe(false);
    expect(isStaticProgram(Buffer.alloc(0), 'x86_64')).toBe(false);
    expect(isStaticProgram(elf(62, [1, 1, 1]).subarray(0, 100), 'x86_64')).toBe(false);
  });
});
