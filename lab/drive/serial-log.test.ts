// SPDX-License-Identifier: Apache-2.0
import { appendFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { followSerial } from './serial-log.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'phlab-'));
});
afterAll(() => rm(folder, { recursive: true }));

test('hears what comes, also half lines', async () => {
  const file = join(folder, 'a');
  const log = await followSerial(file);
  const waiting = log.wait(/login:/, { seconds: 20 });
  await appendFile(file, 'first\r\nphyllome lo');
  await appendFile(file, 'gin: ');
  expect(await waiting).toBe('phyllome login: ');
  expect(log.lines()).toEqual(['first']);
  await log.stop();
});

test('gives up at once when the PC does', async () => {
  const file = join(folder, 'b');
  await appendFile(file, 'Kernel panic - not syncing: no root\n');
  const log = await followSerial(file);
  await expect(log.wait(/never/, { seconds: 1000 })).rejects.toThrow(/the kernel panicked/);
  await log.stop();
});

test('what was before a restart is no verdict on what comes after', async () => {
  const file = join(folder, 'c');
  await appendFile(file, 'Kernel panic - not syncing: no root\n');
  const log = await followSerial(file);
  await log.wait(/panic/, { seconds: 20, hope: false });
  const from = log.mark();
  expect(log.verdict()).not.toBeNull();
  await appendFile(file, 'Linux version 6.12\n');
  expect(await log.wait(/Linux version/, { seconds: 20, from })).toContain('6.12');
  await log.stop();
});

test('time is over: the last words are in the error', async () => {
  const file = join(folder, 'd');
  await appendFile(file, 'Starting a thing...\n');
  const log = await followSerial(file);
  await log.wait(/thing/, { seconds: 20 });
  await expect(log.wait(/never/, { seconds: 0 })).rejects.toThrow(/Starting a thing/);
  await log.stop();
});
