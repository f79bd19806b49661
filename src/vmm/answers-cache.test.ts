// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Type } from 'typebox';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { remembered } from './answers-cache.ts';

const schema = Type.Object({ version: Type.String(), devices: Type.Array(Type.String()) });
let directory = '';
let asked = 0;
const cacheFile = () => join(directory, 'cache/answers.json');
const binary = () => join(directory, 'binary');

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'ph-answers-'));
  asked = 0;
  await writeFile(binary(), '');
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const ask = () =>
  remembered(cacheFile(), schema, [binary(), '/nonexistent'], async () => {
    asked += 1;
    return { version: `${asked}`, devices: ['a'] };
  });

test('asked once as long as nothing changes', async () => {
  expect(await ask()).toEqual({ version: '1', devices: ['a'] });
  expect(await ask()).toEqual({ version: '1', devices: ['a'] });
  expect(await readdir(join(directory, 'cache'))).toEqual(['answers.json']);
});

test('asked again when the binary is another one', async () => {
  await ask();
  await writeFile(binary(), 'new');
  expect(await ask()).toMatchObject({ version: '2' });
  await utimes(binary(), 1, 1);
  expect(await ask()).toMatchObject({ version: '3' });
  expect(await ask()).toMatchObject({ version: '3' });
});

test.for(['', '{', 'null', '[]', '{"key":1}'])(
  'asked again when the cache is damaged: %j',
  async (content) => {
    await ask();
    await writeFile(cacheFile(), content);
    expect(await ask()).toMatchObject({ version: '2' });
  },
);

test('an answer of another form counts as none', async () => {
  await ask();
  const { key } = JSON.parse(await readFile(cacheFile(), 'utf8')) as { key: string };
  await writeFile(cacheFile(), JSON.stringify({ key, answers: { version: 7 } }));
  expect(await ask()).toMatchObject({ version: '2' });
});

test('a cache that cannot be written is no error', async () => {
  await writeFile(join(directory, 'cache'), 'a file where the folder should be');
  expect(await ask()).toMatchObject({ version: '1' });
  expect(await ask()).toMatchObject({ version: '2' });
});

test('a failure to ask is not remembered', async () => {
  const failing = remembered(cacheFile(), schema, [binary()], () => Promise.reject(new Error('no')));
  await expect(failing).rejects.toThrow('no');
  expect(await ask()).toMatchObject({ version: '1' });
});
