// SPDX-License-Identifier: Apache-2.0
import { open, rename, stat, truncate, copyFile } from 'node:fs/promises';
import type { LaunchPlan } from '../contract/plan.ts';
import { errorCode } from '../host/files.ts';

// A log is read from its end in one piece of this size (bytes); longer lines are cut.
const tailBytes = 256 * 1024;
// A guest can write without end, so a log is emptied beyond this size (bytes); the part before is kept once.
const maximumBytes = 16 * 2 ** 20;

/** Every log that the processes of a plan write. */
export function logsOf({ serialLog, process, helpers }: LaunchPlan): string[] {
  const logs = [process.log, ...helpers.map(({ log }) => log)];
  return serialLog === null ? logs : [serialLog, ...logs];
}

/** The last lines of a log; none when it does not exist. */
export async function tailLines(file: string, count: number): Promise<string[]> {
  const bytes = await tailOf(file, tailBytes);
  const lines = new TextDecoder().decode(bytes).split(/\r*\n/);
  if (lines.at(-1) === '') lines.pop();
  return lines.slice(-count);
}

/** The last bytes of a file; none when it does not exist. */
async function tailOf(file: string, count: number): Promise<Uint8Array> {
  try {
    await using handle = await open(file, 'r');
    const { size } = await handle.stat();
    const length = Math.min(size, count);
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, size - length);
    return buffer.subarray(0, bytesRead);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return new Uint8Array();
    throw error;
  }
}

/** Sets the log of an earlier run aside as NAME.1; the one before that is forgotten. */
export async function setAside(file: string): Promise<void> {
  try {
    await rename(file, `${file}.1`);
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
  }
}

/**
 * Keeps a log that is being written below its limit: copies it to NAME.1 and empties it in place. The VMM
 * appends (O_APPEND), so it goes on at the new end; what it writes between copy and emptying is lost.
 */
export async function limit(file: string, most = maximumBytes): Promise<void> {
  try {
    if ((await stat(file)).size <= most) return;
    await copyFile(file, `${file}.1`);
    await truncate(file, 0);
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
  }
}
