// SPDX-License-Identifier: Apache-2.0
import { lstat, mkdir } from 'node:fs/promises';
import { PhyllomeError, reasonOf } from '../contract/errors.ts';

/**
 * Makes a folder that only we can enter, or makes sure that it is one.
 *
 * The runtime folder may lie in /tmp, where another user can make it first and then own our sockets.
 * @throws PhyllomeError `unsafe-directory`
 */
export async function ensurePrivateDirectory(directory: string): Promise<void> {
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new PhyllomeError('unsafe-directory', { directory, reason: reasonOf(error) }, { cause: error });
  }
  const found = await lstat(directory);
  const refuse = (reason: string): never => {
    throw new PhyllomeError('unsafe-directory', { directory, reason });
  };
  if (!found.isDirectory()) refuse('it is not a folder');
  if (found.uid !== process.getuid?.()) refuse(`it belongs to user ${found.uid}`);
  if ((found.mode & 0o077) !== 0) refuse(`others may enter it (mode ${(found.mode & 0o777).toString(8)})`);
}

/** A time of a file; file systems may hold times that no date can. */
export function isoTime(milliseconds: number): string {
  const latest = 8.64e15; // ECMA-262, time values
  return new Date(Math.min(latest, Math.max(-latest, Math.trunc(milliseconds)))).toISOString();
}
