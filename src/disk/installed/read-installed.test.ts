// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readInstalled } from './read-installed.ts';

const mark = 'ID=debian\nVERSION_ID="13"\nPRETTY_NAME="Debian GNU/Linux 13 (trixie)"\n';
let folder: string;
/** File systems as mke2fs makes them, with a folder that needs more than one block */
const images: Record<string, Buffer> = {};
const kinds = ['ext4', 'ext2'] as const;
// Part of every system that e2fsprogs come with; where they are not, nothing here can be tested.
const mke2fs = ['/usr/sbin/mke2fs', '/sbin/mke2fs'].find((file) => {
  try {
    execFileSync(file, ['-V'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
});

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'installed-'));
  const root = join(folder, 'root');
  await mkdir(join(root, 'usr/lib'), { recursive: true });
  for (let index = 0; index < 300; index += 1)
    await writeFile(join(root, `usr/lib/lib-with-a-long-name-${index}.so`), '');
  await writeFile(join(root, 'usr/lib/os-release'), mark);
  for (const kind of kinds) {
    const file = join(folder, kind);
    if (mke2fs !== undefined)
      execFileSync(mke2fs, ['-q', '-t', kind, '-d', root, file, '8M'], { stdio: 'ignore' });
    if (mke2fs !== undefined) images[kind] = await readFile(file);
  }
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const reader = (content: Buffer) => async (offset: number, length: number) =>
  Buffer.concat([content.subarray(offset, offset + length)], length);

test.skipIf(mke2fs === undefined).each(kinds)('os-release on %s', async (kind) => {
  expect(await readInstalled(reader(images[kind]!))).toEqual({
    table: 'none',
    types: [],
    names: [],
    fileSystems: ['ext4'],
    loaders: [],
    programs: [],
    osRelease: mark,
  });
});

test.skipIf(mke2fs === undefined)('a damaged one gives an answer, and soon', async () => {
  const whole = images['ext4']!;
  const spot = fc.record({ at: fc.integer({ min: 1024, max: 200_000 }), value: fc.nat(255) });
  await fc.assert(
    fc.asyncProperty(fc.array(spot, { minLength: 1, maxLength: 40 }), async (spots) => {
      const image = Buffer.from(whole);
      for (const { at, value } of spots) image.writeUInt8(value, at);
      let reads = 0;
      await readInstalled(async (offset, length) => {
        reads += 1;
        return reader(image)(offset, length);
      }).catch((error: unknown) => {
        // Places before the beginning or behind the end: who asks takes it for "nothing seen".
        expect(error).toBeInstanceOf(RangeError);
      });
      expect(reads).toBeLessThan(5000);
    }),
    { numRuns: 60 },
  );
});
