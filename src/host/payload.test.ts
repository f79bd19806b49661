// SPDX-License-Identifier: Apache-2.0
//
// That the code does what its comments say is shown by running it: test/boot/accelerator.test.ts.
import { describe, expect, test } from 'vitest';
import { payloadFor } from './accelerator-payload.ts';
import { bytes, words } from './payload.ts';

describe('machine code from text', () => {
  test('bytes, with comments left out', () => {
    expect([...bytes('fa ; cli\n  b0 31\n; fe fe\n')]).toEqual([0xfa, 0xb0, 0x31]);
  });

  test('words, lowest byte first', () => {
    expect([...words('d2a12014 ; x20')]).toEqual([0x14, 0x20, 0xa1, 0xd2]);
  });
});

describe('the test guests', () => {
  test('the PC one is a 64 KiB ROM with a far jump to its start where the processor begins', () => {
    const image = payloadFor('x86_64')?.image ?? new Uint8Array();
    expect(image.length).toBe(65_536);
    expect([...image.subarray(0xfff0, 0xfff5)]).toEqual([0xea, 0x00, 0x00, 0x00, 0xf0]);
    // Whoever changes the code must move this, the addresses in it and the length it copies.
    expect(image.findLastIndex((byte, at) => byte !== 0xff && at < 0xfff0)).toBe(637);
  });

  test('the segments of the PC one are marked as accessed: real KVM hangs when the processor has to do it in ROM', () => {
    const image = payloadFor('x86_64')?.image ?? new Uint8Array();
    const accessBytes = [1, 2, 3, 4, 5, 6].map((entry) => image[0x240 + 8 * entry + 5] ?? 0);
    expect(accessBytes.every((byte) => (byte & 1) === 1)).toBe(true);
  });

  test('the aarch64 one is made of whole instructions, and the part it copies of whole 8 bytes', () => {
    const image = payloadFor('aarch64')?.image ?? new Uint8Array();
    expect(image.length).toBe(0x90 + 33 * 8);
  });

  test('there is none for riscv64 yet', () => {
    expect(payloadFor('riscv64')).toBeNull();
  });
});
