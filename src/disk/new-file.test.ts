// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createImage } from './create.ts';
import { makeNewFile } from './new-file.ts';

let directory = '';
const file = () => join(directory, 'a,b "c".raw');

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'ph-new-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

test('the file is there when it is complete, and nothing else', async () => {
  await makeNewFile('disk', file(), async (temporary) => {
    expect(await readdir(directory)).toEqual([]);
    await writeFile(temporary, 'content');
  });
  expect(await readdir(directory)).toEqual(['a,b "c".raw']);
  expect(await readFile(file(), 'utf8')).toBe('content');
});

test('what has the name already stays as it is', async () => {
  await writeFile(file(), 'precious');
  const attempt = makeNewFile('disk', file(), (temporary) => writeFile(temporary, 'new'));
  await expect(attempt).rejects.toMatchObject({ code: 'file-exists', facts: { file: file() } });
  expect(await readdir(directory)).toHaveLength(1);
  expect(await readFile(file(), 'utf8')).toBe('precious');
});

test('a failure leaves nothing behind', async () => {
  const attempt = makeNewFile('disk', file(), async (temporary) => {
    await writeFile(temporary, 'half');
    throw new Error('no more');
  });
  await expect(attempt).rejects.toThrow('no more');
  expect(await readdir(directory)).toEqual([]);
});

test.for(['ENOSPC', 'EDQUOT'])('a full disk is said to be one: %s', async (code) => {
  const full = Object.assign(new Error(code), { code });
  const attempt = makeNewFile('disk', file(), () => Promise.reject(full));
  await expect(attempt).rejects.toMatchObject({ code: 'no-space', facts: { what: 'the disk', directory } });
});

test('a raw disk has its size, takes no space and is private', async () => {
  await createImage({ file: file(), format: 'raw', size: 2 ** 40 });
  const { size, blocks, mode } = await stat(file());
  expect(size).toBe(2 ** 40);
  expect(blocks).toBeLessThan(100);
  expect(mode & 0o777).toBe(0o600);
});
