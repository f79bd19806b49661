// SPDX-License-Identifier: Apache-2.0
//
// What a process takes of this PC, from /proc.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { statFields } from './identity.ts';

export interface ProcessUsage {
  /** Tells it from a later process with the same number */
  startTime: string;
  /** Processor time since it started, of all its threads, those that ended included */
  cpuSeconds: number;
  /** Memory that comes free when it ends */
  memoryBytes: number;
}

/** Which of its memory counts as a process's own: what it shares with others is to be counted once. */
export type OwnMemory = 'private' | 'private-and-shared';

// Clock ticks are 100 a second for every program on Linux (USER_HZ), whatever the kernel's own clock does.
const ticksPerSecond = 100;
// proc(5): utime and stime are fields 14 and 15, starttime is 22; statFields begins with field 3.
const [userField, systemField, startField] = [14 - 3, 15 - 3, 22 - 3];

/**
 * @param own `private-and-shared` for the one process that is to stand for memory it shares, such as the memory of a
 *   guest. Pages of files (program code) are left out: all processes of a program share them.
 * @returns null when it is gone
 */
export function processUsage(pid: number, own: OwnMemory, root = '/'): ProcessUsage | null {
  const fields = statFields(pid, root);
  const status = readText(join(root, 'proc', String(pid), 'status'));
  // A zombie has no memory any more, and no more to do.
  if (fields === null || status === null || !status.includes('\nRssAnon:')) return null;
  const bytesOf = (key: string): number =>
    Number(new RegExp(`^${key}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1] ?? 0) * 1024;
  // The resident set does not hold huge pages, which guests may have their memory in.
  const shared = own === 'private-and-shared' ? bytesOf('RssShmem') + bytesOf('HugetlbPages') : 0;
  return {
    startTime: fields[startField] ?? '',
    cpuSeconds: (Number(fields[userField]) + Number(fields[systemField])) / ticksPerSecond,
    memoryBytes: bytesOf('RssAnon') + shared,
  };
}

function readText(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}
