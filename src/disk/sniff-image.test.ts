// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sniff, sniffFile } from './sniff-image.ts';
import { diskBytes, isoBytes, qcow2Image } from './testing.ts';

/** What is said of a file with this content. */
const look = (content: Buffer | string) => {
  const bytes = Buffer.isBuffer(content) ? content : Buffer.from(content);
  return sniff(bytes.subarray(0, 8192), bytes.subarray(32_768, 32_774));
};
const at = (offset: number, mark: string, length = 40_000): Buffer => {
  const bytes = Buffer.alloc(length);
  bytes.write(mark, offset, 'latin1');
  return bytes;
};

describe('what can be used', () => {
  const hybrid = isoBytes();
  hybrid.set([0x55, 0xaa], 510);
  test.each([
    ['iso', isoBytes()],
    ['iso', hybrid],
    ['iso', at(32_769, 'BEA01')],
    ['qcow2', qcow2Image()],
    ['vmdk', Buffer.from('KDMV....')],
    ['vmdk', Buffer.from('# Disk DescriptorFile\nversion=1\n')],
    ['vdi', at(64, '\x7f\x10\xda\xbe')],
    ['vhdx', Buffer.from('vhdxfile')],
    ['raw', diskBytes()],
    ['raw', at(512, 'EFI PART')],
    ['raw', at(4096, 'EFI PART')],
  ] as const)('%s', (format, bytes) => expect(look(bytes).format).toBe(format));
});

describe('what cannot is named', () => {
  test.each([
    ['an empty file', ''],
    ['a web page', '\ufeff<!DOCTYPE html>\n<title>404</title>'],
    ['a web page', '  <!-- hi -->\n<HTML lang=de>'],
    ['a text', '<!---->'.repeat(1170)],
    ['an XML document', '<?xml version="1.0"?><Error/>'],
    ['a text', 'Not found\n'],
    ['a text', `${'ä'.repeat(4095)}xä`],
    ['a gzip archive (unpack it first)', Buffer.from('\x1f\x8b\x08', 'latin1')],
    ['an xz archive (unpack it first)', Buffer.from('\xfd7zXZ\0', 'latin1')],
    ['a tar archive (unpack it first)', at(257, 'ustar')],
    ['a program', Buffer.from('\x7fELF\x02', 'latin1')],
    ['a file that begins with nothing but zeros', Buffer.alloc(40_000)],
    ['something unknown', Buffer.from([1, 2, 3, 0xff])],
    [expect.stringContaining('VHD'), Buffer.from('conectix')],
  ])('%s', (found, content) => expect(look(content)).toEqual({ format: 'unknown', found }));

  test('a mark of an ISO image in the wrong place is none', () => {
    expect(look(at(32_768, 'CD001')).format).toBe('unknown');
  });
});

test('any bytes get an answer', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 600 }), fc.uint8Array({ maxLength: 6 }), (a, b) => {
      expect(sniff(Buffer.from(a), Buffer.from(b)).found).not.toBe('');
    }),
  );
});

describe('files', () => {
  let folder: string;
  beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), 'ph-sniff-'))));
  afterAll(() => rm(folder, { recursive: true }));

  test('a file of any size', async () => {
    const file = join(folder, 'a');
    await writeFile(file, isoBytes());
    await truncate(file, 2 ** 33);
    expect(await sniffFile(file)).toMatchObject({ format: 'iso' });
  });

  test('a pipe that nobody writes to, a folder, a link, nothing', async () => {
    execFileSync('mkfifo', [join(folder, 'pipe')]);
    await writeFile(join(folder, 'real'), isoBytes());
    await symlink('real', join(folder, 'link'));
    for (const name of ['pipe', '.', 'link', 'absent'])
      expect(await sniffFile(join(folder, name))).toBeNull();
  });
});
