// SPDX-License-Identifier: Apache-2.0
//
// A file system without room for the history: it says so once, loses nothing that it has, and goes on when it can.
import { execFileSync } from 'node:child_process';
import { statfsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createHistoryFile, type MachineEvent } from '../../src/engine/history-file.ts';

const isRoot = process.getuid?.() === 0;
if (!isRoot) console.warn('full-history: not run, since making a small file system needs root');

test.skipIf(!isRoot)('a full disk is no harm to the history', async () => {
  await using undo = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'phhist-'));
  undo.defer(() => rm(folder, { recursive: true, force: true }));
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2M,mode=700', 'tmpfs', folder]);
  undo.defer(() => void execFileSync('umount', ['--lazy', folder]));

  const warnings: string[] = [];
  const file = createHistoryFile(join(folder, 'history.sqlite'), (text) => warnings.push(text));
  undo.defer(() => file.close());
  const events = Array.from({ length: 5000 }, (_, index): MachineEvent => {
    const machine = { machineId: 'a', machineName: 'x'.repeat(100) };
    return { type: 'machine.changed', ...machine, id: index, time: new Date().toISOString() };
  });
  expect(file.write([], events.slice(0, 1))).toBe(true);
  const { bavail, bsize } = statfsSync(folder);
  await writeFile(join(folder, 'filler'), Buffer.alloc(bavail * bsize - 8192));

  expect(file.write([], events)).toBe(false);
  expect(file.events('a', 10, Number.MAX_SAFE_INTEGER)).toEqual(events.slice(0, 1));
  expect(file.write([], events)).toBe(false);
  expect(warnings).toEqual([expect.stringMatching(/cannot be used now: .*full/)]);

  await rm(join(folder, 'filler'));
  expect(file.write([], events.slice(0, 500))).toBe(true);
  expect(file.events('a', 1000, Number.MAX_SAFE_INTEGER)).toHaveLength(500);
});
