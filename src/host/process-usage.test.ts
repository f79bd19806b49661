// SPDX-License-Identifier: Apache-2.0
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { processStartTime } from './identity.ts';
import { processUsage } from './process-usage.ts';

let root = '';
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'ph-proc-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

async function put(pid: number, stat: string, status: string): Promise<void> {
  await mkdir(join(root, 'proc', String(pid)), { recursive: true });
  await writeFile(join(root, 'proc', String(pid), 'stat'), stat);
  await writeFile(join(root, 'proc', String(pid), 'status'), status);
}

const stat = (name: string, user: number, system: number, start: number) =>
  `7 (${name}) S 1 7 7 0 -1 4194304 100 5 0 0 ${user} ${system} 900 900 20 0 4 0 ${start} 1000 200`;
const status = `Name:\tqemu\nVmRSS:\t  400000 kB\nRssAnon:\t  100000 kB\nRssFile:\t   40000 kB\nRssShmem:\t  260000 kB\nHugetlbPages:\t    2048 kB\n`;

test('processor time of the process alone, memory with and without what it shares', async () => {
  await put(7, stat('a) (b S 1', 250, 50, 12345), status);
  expect(processUsage(7, 'private', root)).toEqual({
    startTime: '12345',
    cpuSeconds: 3,
    memoryBytes: 100_000 * 1024,
  });
  expect(processUsage(7, 'private-and-shared', root)?.memoryBytes).toBe(362_048 * 1024);
});

test('what is gone, or only waits to be buried, takes nothing', async () => {
  expect(processUsage(8, 'private', root)).toBeNull();
  await put(9, stat('dead', 1, 1, 1), 'Name:\tdead\nState:\tZ (zombie)\n');
  expect(processUsage(9, 'private', root)).toBeNull();
});

test('this process takes something', () => {
  const usage = processUsage(process.pid, 'private-and-shared');
  expect(usage?.startTime).toBe(processStartTime(process.pid));
  expect(usage?.memoryBytes).toBeGreaterThan(2 ** 20);
  expect(usage?.cpuSeconds).toBeGreaterThan(0);
});
