// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { probePasst } from '../../src/host/passt.ts';

let directory = '';
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'phyllome, test-'));
});
afterAll(() => rm(directory, { recursive: true }));

test('passt works here, in a private folder with a comma in its name, and leaves nothing there', async () => {
  expect(await probePasst(directory)).toMatchObject({ available: true });
  expect(await readdir(directory)).toEqual([]);
});

test('a folder where passt cannot make its socket is told with the reason', async () => {
  const missing = join(directory, 'missing');
  const report = await probePasst(missing);
  expect(report).toMatchObject({ available: false, reason: expect.stringContaining(missing) });
});
