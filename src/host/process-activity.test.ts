// SPDX-License-Identifier: Apache-2.0
import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { contextSwitches } from './process-activity.ts';

test('all threads count, and both kinds of switches', async () => {
  const root = await mkdtemp(join(tmpdir(), 'ph-proc-'));
  for (const [task, voluntary, other] of [
    ['7', 10, 2],
    ['8', 300, 0],
  ] as const) {
    const folder = join(root, 'proc/7/task', task);
    await mkdir(folder, { recursive: true });
    await writeFile(
      join(folder, 'status'),
      `Name:\tfc\nvoluntary_ctxt_switches:\t${voluntary}\nnonvoluntary_ctxt_switches:\t${other}\n`,
    );
  }
  expect(contextSwitches(7, root)).toBe(312);
  expect(contextSwitches(9, root)).toBeNull();
  await rm(root, { recursive: true });
});

test('a process that sleeps does nothing; each time it wakes up, it shows', async () => {
  const cat = spawn('cat', { stdio: ['pipe', 'pipe', 'ignore'] });
  const echo = (text: string) =>
    new Promise((resolve) => {
      cat.stdout.once('data', resolve);
      cat.stdin.write(text);
    });
  await echo('a');
  const before = contextSwitches(cat.pid as number);
  await echo('b');
  await expect.poll(() => contextSwitches(cat.pid as number)).toBeGreaterThan(before ?? Infinity);
  cat.kill();
});
