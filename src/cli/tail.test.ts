// SPDX-License-Identifier: Apache-2.0
import { appendFile, mkdtemp, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { followLines, lastLines } from './tail.ts';

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pht-'));
  file = join(folder, 'a.log');
});
afterEach(() => rm(folder, { recursive: true }));

test('the last lines of a file', async () => {
  await writeFile(file, 'one\ntwo\nthree\n');
  expect((await lastLines(file, 2)).lines).toEqual(['two', 'three']);
  expect((await lastLines(file, 9)).lines).toEqual(['one', 'two', 'three']);
  expect((await lastLines(join(folder, 'none'), 9)).lines).toEqual([]);
});

test('follows what is added, half lines only when they are whole, through emptying and replacing', async () => {
  await writeFile(file, 'zero\none\nhal');
  const controller = new AbortController();
  const lines = followLines(file, 1, controller.signal);
  const next = async () => (await lines.next()).value as string;
  expect(await next()).toBe('one');
  await appendFile(file, 'f 日');
  await appendFile(file, '本\n');
  expect(await next()).toBe('half 日本');
  await truncate(file, 0);
  await appendFile(file, 'new\n');
  expect(await next()).toBe('new');
  await rename(file, `${file}.1`);
  await writeFile(file, 'other file\n');
  expect(await next()).toBe('other file');
  const end = lines.next();
  controller.abort();
  expect((await end).done).toBe(true);
});

test('waits for a file that does not exist yet', async () => {
  const lines = followLines(file, 5, new AbortController().signal);
  const first = lines.next();
  await writeFile(file, 'born\n');
  expect((await first).value).toBe('born');
  await lines.return(undefined);
});
