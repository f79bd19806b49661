// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * How often the threads of a process were taken off a processor so far. Each time one of them wakes up, if only to look at a
 * clock, it goes to sleep again: a number that stays the same means that none of them did anything at all. Finer than
 * processor time, which is counted in hundredths of a second.
 * @returns null when it is gone
 */
export function contextSwitches(pid: number, root = '/'): number | null {
  const tasks = join(root, 'proc', String(pid), 'task');
  try {
    return readdirSync(tasks)
      .map((task) => switchesIn(readFileSync(join(tasks, task, 'status'), 'utf8')))
      .reduce((sum, count) => sum + count, 0);
  } catch {
    // It ended, or one of its threads did, while we looked.
    return null;
  }
}

function switchesIn(status: string): number {
  return [...status.matchAll(/^(?:non)?voluntary_ctxt_switches:\s+(\d+)$/gm)].reduce(
    (sum, [, count]) => sum + Number(count),
    0,
  );
}
