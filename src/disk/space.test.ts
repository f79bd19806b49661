// SPDX-License-Identifier: Apache-2.0
import { link, mkdir, mkdtemp, rm, stat, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { sharersOf } from './sharers.ts';
import { spaceOf } from './space.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'phyllome-space-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const at = (name: string): string => join(directory, name);

async function make(name: string, bytes: number): Promise<{ file: string; allocated: number }> {
  const file = at(name);
  await writeFile(file, Buffer.alloc(bytes, 7));
  return { file, allocated: (await stat(file)).blocks * 512 };
}

test('a hole is counted in the length and not on the disk', async () => {
  await writeFile(at('holes'), '');
  await truncate(at('holes'), 2 ** 30);
  const space = await spaceOf([at('holes')]);
  expect(space).toMatchObject({ apparent: 2 ** 30, allocated: 0, freed: 0, sharedFiles: [] });
});

test('a file with a name elsewhere gives nothing back', async () => {
  const mine = await make('mine', 200_000);
  const shared = await make('shared', 100_000);
  await link(shared.file, at('elsewhere'));
  const space = await spaceOf([mine.file, shared.file]);
  expect(space.allocated).toBe(mine.allocated + shared.allocated);
  expect(space.freed).toBe(mine.allocated);
  expect(space.sharedFiles).toEqual([shared.file]);
  expect(space.files.map(({ otherNames }) => otherNames)).toEqual([0, 1]);
});

test('two names of one file in the list count once, and together give it back', async () => {
  const one = await make('one', 100_000);
  await link(one.file, at('two'));
  expect(await spaceOf([one.file, at('two'), one.file])).toMatchObject({
    apparent: 100_000,
    allocated: one.allocated,
    freed: one.allocated,
    sharedFiles: [],
  });
});

test('what somebody needs stays', async () => {
  const base = await make('base', 100_000);
  const space = await spaceOf([base.file], new Set([base.file]));
  expect(space).toMatchObject({ allocated: base.allocated, freed: 0, sharedFiles: [base.file] });
});

test('links are not followed, folders and what is gone take no more than they do', async () => {
  await make('large', 1_000_000);
  await symlink(at('large'), at('link'));
  await mkdir(at('folder/within'), { recursive: true });
  const space = await spaceOf([at('link'), at('gone'), at('large/nonsense'), at('folder')]);
  expect(space.allocated).toBeLessThan(100_000);
  expect(space.sharedFiles).toEqual([]);
  expect(space.files.map(({ file }) => file)).toEqual([at('link'), at('folder')]);
});

test('says with whom a file is shared', async () => {
  await mkdir(at('clone/disks'), { recursive: true });
  await mkdir(at('other/disks'), { recursive: true });
  const layer = await make('layer', 1000);
  const alone = await make('alone', 1000);
  await link(layer.file, at('clone/disks/layer'));
  await make('other/disks/alone', 1000);
  const owners = ['clone', 'other', 'gone'].map((words) => ({ words, directory: at(words) }));
  expect(await sharersOf([layer.file, alone.file], owners)).toEqual(new Map([[layer.file, ['clone']]]));
});
