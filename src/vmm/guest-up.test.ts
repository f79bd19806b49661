// SPDX-License-Identifier: Apache-2.0
import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { watchGuestUp } from './guest-up.ts';

let directory = '';
let log = '';
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'ph-up-'));
  log = join(directory, 'serial.log');
  await writeFile(log, '');
});
afterEach(() => rm(directory, { recursive: true, force: true }));

test.each([
  ['our tiny guest', ['[  1.0] boot\r\nphyllome-tiny: ', 'ready\r\ntiny:/# ']],
  ['a login prompt in pieces', ['\r\nDebian 13 debian ttyS0\r\n\r\ndeb', 'ian lo', 'gin: ']],
])('%s says that it is up, once', async (_who, pieces) => {
  const onUp = vi.fn<() => void>();
  const watcher = await watchGuestUp(log, onUp);
  expect(watcher.up).toBe(false);
  for (const piece of pieces) await appendFile(log, piece, 'latin1');
  await expect.poll(() => onUp).toHaveBeenCalledTimes(1);
  await appendFile(log, '\r\nother login: ');
  watcher.again();
  expect(watcher.up).toBe(false);
  await appendFile(log, '\r\nthird login: ');
  await expect.poll(() => watcher.up).toBe(true);
  watcher.close();
});

test('what was said before counts, but is not told', async () => {
  await writeFile(log, 'debian login: root\r\n');
  const onUp = vi.fn<() => void>();
  const watcher = await watchGuestUp(log, onUp);
  expect(watcher.up).toBe(true);
  expect(onUp).not.toHaveBeenCalled();
  watcher.close();
});

test('other talk of logins is none', async () => {
  await writeFile(log, '\r\nLast login: Tue\r\n a b login: ');
  const watcher = await watchGuestUp(log, () => {});
  expect(watcher.up).toBe(false);
  watcher.close();
});
