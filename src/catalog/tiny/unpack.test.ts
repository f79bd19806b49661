// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { unpackKernel } from './unpack.ts';

const noXz = { program: '/nonexistent/xz', signal: undefined };
const elfWithPvh = Buffer.concat([Buffer.from('\x7fELF....'), pvhNote(), Buffer.alloc(100)]);

let directory = '';
let file = '';
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'kernel-'));
  file = join(directory, 'kernel');
});
afterEach(() => rm(directory, { recursive: true }));

function pvhNote(): Buffer {
  const note = Buffer.alloc(16);
  note.writeUInt32LE(4, 0);
  note.writeUInt32LE(4, 4);
  note.writeUInt32LE(18, 8);
  note.write('Xen\0', 12);
  return note;
}

/** A PC kernel: one boot sector, one sector of set-up code, then 32 bytes of code and the payload. */
function bzImage(payload: Buffer): Buffer {
  const head = Buffer.alloc(1024 + 32);
  head.writeUInt8(1, 0x1f1);
  head.write('HdrS', 0x202);
  head.writeUInt16LE(0x20f, 0x206);
  head.writeUInt32LE(32, 0x248);
  head.writeUInt32LE(payload.length, 0x24c);
  return Buffer.concat([head, payload, Buffer.from('code behind it')]);
}

const sizeBehind = Buffer.from([1, 2, 3, 4]);

test.each([
  ['zstd', Buffer.concat([zstdCompressSync(elfWithPvh), sizeBehind])],
  ['gzip', gzipSync(elfWithPvh)],
])('takes the ELF out of a PC kernel packed with %s', async (_kind, payload) => {
  await writeFile(file, bzImage(payload));
  await unpackKernel(file, noXz);
  expect((await readFile(file)).equals(elfWithPvh)).toBe(true);
  expect(await readdir(directory)).toEqual(['kernel']);
});

test('keeps a PC kernel whose ELF no VMM can enter', async () => {
  const image = bzImage(gzipSync(Buffer.alloc(200)));
  await writeFile(file, image);
  await unpackKernel(file, noXz);
  expect((await readFile(file)).equals(image)).toBe(true);
  expect(await readdir(directory)).toEqual(['kernel']);
});

test('keeps a PC kernel packed in a way we do not know', async () => {
  const image = bzImage(Buffer.from('02214c18 lz4 and so on'));
  await writeFile(file, image);
  await unpackKernel(file, noXz);
  expect((await readFile(file)).equals(image)).toBe(true);
});

test('unpacks a kernel that is packed as a whole, and keeps a plain one', async () => {
  const plain = Buffer.from('MZ an ARM kernel');
  await writeFile(file, gzipSync(plain));
  await unpackKernel(file, noXz);
  expect((await readFile(file)).equals(plain)).toBe(true);
  await unpackKernel(file, noXz);
  expect((await readFile(file)).equals(plain)).toBe(true);
});
