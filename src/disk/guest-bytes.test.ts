// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openGuestBytes } from './guest-bytes.ts';
import { qcow2Image, type ImageParts } from './testing.ts';

let directory = '';
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'ph-guest-'));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

const KiB = 1024;
async function image(parts: ImageParts = {}, name = 'a.qcow2'): Promise<string> {
  const bytes = qcow2Image(parts);
  if (bytes.length > 321 * KiB) bytes.write('what the guest wrote', 320 * KiB + 700);
  await writeFile(join(directory, name), bytes);
  return join(directory, name);
}

async function textAt(file: string, offset: number, length = 20): Promise<string | undefined> {
  await using disk = await openGuestBytes(file, 'qcow2');
  return (await disk?.read(offset, length))?.toString('latin1');
}

test('bytes are read where the tables say, zeros elsewhere', async () => {
  const file = await image();
  await using disk = await openGuestBytes(file, 'qcow2');
  expect(disk?.size).toBe(2 ** 20);
  expect(await textAt(file, 700)).toBe('what the guest wrote');
  expect(await textAt(file, 64 * KiB + 700)).toBe('\0'.repeat(20));
  expect(await textAt(file, 2 ** 40)).toBe('\0'.repeat(20));
  // Over the border of two clusters.
  expect((await disk?.read(0, 130 * KiB))?.toString('latin1', 700, 720)).toBe('what the guest wrote');
});

test('what is not in an image is in the one it rests on', async () => {
  await writeFile(join(directory, 'base.raw'), Buffer.alloc(2 ** 20, 'base'));
  const file = await image({ backing: 'base.raw', backingFormat: 'raw' });
  expect(await textAt(file, 700)).toBe('what the guest wrote');
  expect(await textAt(file, 64 * KiB, 8)).toBe('basebase');
});

test.each<[string, ImageParts]>([
  ['encrypted or unknown', { incompatible: 32 }],
  ['with its data elsewhere', { incompatible: 4, dataFile: 'x.raw' }],
  ['on a base without a format', { backing: 'base.raw' }],
  ['on itself', { backing: 'a.qcow2', backingFormat: 'qcow2' }],
  ['cut off', { size: 100 }],
])('an image %s is not understood', async (_, parts) => {
  expect(await openGuestBytes(await image(parts), 'qcow2')).toBeNull();
});

test('a raw disk is its file', async () => {
  await writeFile(join(directory, 'a.raw'), 'raw bytes');
  await using disk = await openGuestBytes(join(directory, 'a.raw'), 'raw');
  expect((await disk?.read(4, 8))?.toString('latin1')).toBe('bytes\0\0\0');
});

test('tables of any content return bytes or throw, and end', async () => {
  const tables = fc.uint8Array({ minLength: 8, maxLength: 64 });
  await fc.assert(
    fc.asyncProperty(tables, tables, async (l1, l2) => {
      const bytes = qcow2Image();
      bytes.set(l1, 192 * KiB);
      bytes.set(l2, 256 * KiB);
      const file = join(directory, 'noise.qcow2');
      await writeFile(file, bytes);
      await using disk = await openGuestBytes(file, 'qcow2');
      const read = await disk?.read(0, 512).catch((error: unknown) => error);
      expect(Buffer.isBuffer(read) ? read.length === 512 : read instanceof Error).toBe(true);
    }),
    { numRuns: 50 },
  );
});
