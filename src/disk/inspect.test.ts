// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { inspectImage } from './inspect.ts';
import { readQcow2Header } from './qcow2-header.ts';
import { qcow2Image, type ImageParts } from './testing.ts';

let root = '';
let directory = '';
const outside = () => join(root, 'outside.raw');

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'ph-disk-'));
  await writeFile(outside(), 'secrets of this PC');
});
afterAll(() => rm(root, { recursive: true, force: true }));
beforeEach(async () => {
  directory = await mkdtemp(join(root, 'machine-'));
  await mkdir(join(directory, 'disks'));
});

async function put(name: string, content: Buffer | string): Promise<string> {
  const file = join(directory, 'disks', name);
  await writeFile(file, content);
  return file;
}
const image = (parts?: ImageParts, name = 'a.qcow2') => put(name, qcow2Image(parts));
const inspect = (file: string, format = 'qcow2') => inspectImage({ file, format, directory });

describe('what is fine', () => {
  test('images of both formats and versions', async () => {
    await expect(inspect(await image())).resolves.toBeUndefined();
    await expect(inspect(await image({ version: 2 }))).resolves.toBeUndefined();
    await expect(inspect(await put('a.raw', Buffer.alloc(512)), 'raw')).resolves.toBeUndefined();
    await inspect(
      await put('boot.raw', Buffer.concat([Buffer.alloc(510), Buffer.from([0x55, 0xaa])])),
      'raw',
    );
  });

  test('a chain inside the folder of the machine', async () => {
    await put('base.raw', 'data');
    await image({ backing: 'base.raw', backingFormat: 'raw' }, 'middle.qcow2');
    await expect(
      inspect(await image({ backing: join(directory, 'disks/middle.qcow2'), backingFormat: 'qcow2' })),
    ).resolves.toBeUndefined();
  });

  test('data in a file of its own, inside', async () => {
    await put('data.raw', 'data');
    await expect(inspect(await image({ incompatible: 4, dataFile: 'data.raw' }))).resolves.toBeUndefined();
  });

  test('parts that were never allocated', async () => {
    await expect(inspect(await image({ l2Offset: 0 }))).resolves.toBeUndefined();
    await expect(inspect(await image({ dataOffset: 0 }))).resolves.toBeUndefined();
    // Marked as zero: its place may lie anywhere.
    await expect(inspect(await image({ dataOffset: 2 ** 40 + 1 }))).resolves.toBeUndefined();
  });
});

describe('another format than the definition says', () => {
  test.for([
    ['raw', 'qcow2', () => qcow2Image()],
    ['raw', 'vmdk', () => Buffer.from('KDMV and more')],
    ['raw', 'vhdx', () => Buffer.from('vhdxfile')],
    ['raw', 'vdi', () => Buffer.concat([Buffer.alloc(64), Buffer.from([0x7f, 0x10, 0xda, 0xbe])])],
    ['qcow2', 'raw', () => Buffer.alloc(1024)],
    ['qcow2', 'raw', () => Buffer.from('QF')],
    ['qcow2', 'vmdk', () => Buffer.from('KDMV')],
  ] as const)('said %s, is %s', async ([declared, found, content]) => {
    const file = await put('a', content());
    await expect(inspect(file, declared)).rejects.toMatchObject({
      code: 'disk-format-mismatch',
      facts: { declared, found },
    });
  });
});

describe('damaged', () => {
  test.for<[string, ImageParts]>([
    ['header cut off', { size: 40 }],
    ['version 3 header cut off', { size: 90 }],
    ['tables cut off', { size: 100_000 }],
    ['second table behind the end', { l2Offset: 2 ** 40 }],
    ['data behind the end', { size: 320 * 1024 }],
    ['data far behind the end', { dataOffset: 2 ** 50 }],
    ['unknown version', { version: 4 }],
    ['impossible clusters', { clusterBits: 40 }],
    ['impossibly large tables', { l1Size: 2 ** 31 }],
    ['unknown features', { incompatible: 32 }],
    ['marked as corrupt', { incompatible: 2 }],
    ['data elsewhere, nowhere', { incompatible: 4 }],
  ])('%s', async ([, parts]) => {
    await expect(inspect(await image(parts))).rejects.toMatchObject({ code: 'disk-damaged' });
  });

  test('an image that rests on itself', async () => {
    await expect(inspect(await image({ backing: 'a.qcow2', backingFormat: 'qcow2' }))).rejects.toMatchObject({
      code: 'disk-damaged',
    });
  });

  test('a base whose format has to be guessed, or has names in it', async () => {
    await put('base', 'data');
    for (const parts of [{ backing: 'base' }, { backing: 'base', backingFormat: 'vmdk' }]) {
      await expect(inspect(await image(parts))).rejects.toMatchObject({ code: 'disk-damaged' });
    }
  });

  test('a base that is not what the image says', async () => {
    await image({}, 'base');
    const file = await image({ backing: 'base', backingFormat: 'raw' });
    await expect(inspect(file)).rejects.toMatchObject({ code: 'disk-format-mismatch' });
  });
});

describe('reaching out', () => {
  test.for<[string, (file: string) => ImageParts]>([
    ['an absolute path', (file) => ({ backing: file, backingFormat: 'raw' })],
    ['a relative path', () => ({ backing: '../../outside.raw', backingFormat: 'raw' })],
    ['a protocol', () => ({ backing: 'nbd://host/disk', backingFormat: 'raw' })],
    ['a file by protocol', (file) => ({ backing: `file:${file}`, backingFormat: 'raw' })],
    ['JSON', () => ({ backing: 'json:{"driver":"file","filename":"/etc/shadow"}', backingFormat: 'raw' })],
    ['a device', () => ({ backing: '/dev/zero', backingFormat: 'raw' })],
    ['the data file', (file) => ({ incompatible: 4, dataFile: file })],
  ])('%s', async ([, parts]) => {
    await expect(inspect(await image(parts(outside())))).rejects.toMatchObject({ code: 'disk-outside' });
  });

  test('through a symbolic link', async () => {
    await symlink(outside(), join(directory, 'disks/link'));
    await expect(inspect(await image({ backing: 'link', backingFormat: 'raw' }))).rejects.toMatchObject({
      code: 'disk-outside',
    });
  });

  test('from deep in a chain', async () => {
    await image({ backing: outside(), backingFormat: 'raw' }, 'base.qcow2');
    const file = await image({ backing: 'base.qcow2', backingFormat: 'qcow2' });
    await expect(inspect(file)).rejects.toMatchObject({ code: 'disk-outside' });
  });

  test('into a folder whose name only begins alike', async () => {
    await mkdir(`${directory}-other`);
    await writeFile(`${directory}-other/x`, 'data');
    await expect(
      inspect(await image({ backing: `${directory}-other/x`, backingFormat: 'raw' })),
    ).rejects.toMatchObject({ code: 'disk-outside' });
  });
});

describe('no image at all', () => {
  test('missing', async () => {
    await expect(inspect(join(directory, 'none'))).rejects.toMatchObject({ code: 'file-missing' });
    await expect(inspect(await image({ backing: 'none', backingFormat: 'raw' }))).rejects.toMatchObject({
      code: 'disk-base-missing',
      message: expect.stringMatching(/rests on .*\/none, which/),
    });
  });

  test('a folder', async () => {
    await expect(inspect(directory)).rejects.toMatchObject({ code: 'file-unreadable' });
  });

  test('a pipe does not keep us waiting', async () => {
    execFileSync('mkfifo', [join(directory, 'pipe')]);
    await expect(inspect(join(directory, 'pipe'), 'raw')).rejects.toMatchObject({ code: 'file-unreadable' });
  });
});

test('no header makes the reader fail', () => {
  const bytes = fc.uint8Array({ minLength: 0, maxLength: 400 });
  fc.assert(
    fc.property(bytes, fc.nat(), (noise, position) => {
      const whole = qcow2Image({ backing: 'x', backingFormat: 'raw' });
      Buffer.from(noise).copy(whole, position % 200);
      readQcow2Header(whole.subarray(0, 65_536), whole.length);
      readQcow2Header(Buffer.from(noise), noise.length);
    }),
  );
});
