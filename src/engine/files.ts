// SPDX-License-Identifier: Apache-2.0
import { lstat, mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { PhyllomeError, reasonOf } from '../contract/errors.ts';

/**
 * Replaces a file so that after a crash or a power cut it has the old content or the new, never a mixture.
 * @throws PhyllomeError `no-space`
 */
export async function writeAtomic(file: string, content: string): Promise<void> {
  const temporary = join(dirname(file), `.${process.pid}.${Math.random().toString(36).slice(2)}.tmp`);
  try {
    await using handle = await open(temporary, 'wx', 0o600);
    await handle.writeFile(content);
    await handle.sync();
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw explainNoSpace(error, 'a file', dirname(file));
  }
  await syncDirectory(dirname(file));
}

/** Makes renames and new names in a directory survive a power cut. */
export async function syncDirectory(directory: string): Promise<void> {
  await using handle = await open(directory, 'r');
  await handle.sync();
}

/** Makes the content of a file survive a power cut. */
export async function syncFile(file: string): Promise<void> {
  await using handle = await open(file, 'r');
  await handle.sync();
}

/** A full disk as `no-space`; any other error as it is. */
export function explainNoSpace(error: unknown, what: string, directory: string): unknown {
  const code = errorCode(error);
  if (code !== 'ENOSPC' && code !== 'EDQUOT') return error;
  return new PhyllomeError('no-space', { what, directory }, { cause: error });
}

/** The code of a system error (ENOENT, ...), or undefined. */
export function errorCode(error: unknown): string | undefined {
  return error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
}

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

/** The names in a folder; none when there is no such folder. */
export async function namesIn(directory: string): Promise<string[]> {
  try {
    return await readdir(directory);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  }
}
