// SPDX-License-Identifier: Apache-2.0
//
// Writing files so that they survive what a PC does to them.
import { open, readdir, rename, rm, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { PhyllomeError } from '../contract/errors.ts';

/**
 * Replaces a file so that after a crash or a power cut it has the old content or the new, never a mixture.
 * @param options.durable false for files that mean nothing after a reboot: a power cut may then damage them,
 *   and nobody waits for the disk
 * @param options.mode who else may read it
 * @throws PhyllomeError `no-space`
 */
export async function writeAtomic(
  file: string,
  content: string,
  { durable = true, mode = 0o600 } = {},
): Promise<void> {
  const temporary = join(dirname(file), `.${process.pid}.${Math.random().toString(36).slice(2)}.tmp`);
  try {
    await using handle = await open(temporary, 'wx', mode);
    await handle.writeFile(content);
    if (durable) await handle.sync();
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw explainNoSpace(error, 'a file', dirname(file));
  }
  if (durable) await sync(dirname(file));
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

/** Writes all of the bytes at a place of a file: the kernel may take less than it is given. */
export async function writeAll(handle: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let at = 0; at < bytes.length;) {
    const { bytesWritten } = await handle.write(bytes, at, bytes.length - at, position + at);
    at += bytesWritten;
  }
}

/** Removes what a killed process was about to write by `writeAtomic` in a folder; a missing folder has none. */
export async function removeHalfWritten(directory: string): Promise<void> {
  for (const name of await namesIn(directory))
    if (/^\.\d+\.[0-9a-z]+\.tmp$/.test(name)) await rm(join(directory, name), { force: true });
}

/** Makes the content of a file, or the names in a folder, survive a power cut. */
export async function sync(path: string): Promise<void> {
  await using handle = await open(path, 'r');
  await handle.sync();
}

/** Makes everything in a folder, and the folder itself, survive a power cut. */
export async function syncTree(directory: string): Promise<void> {
  for (const entry of await readdir(directory, { recursive: true, withFileTypes: true }))
    if (entry.isFile() || entry.isDirectory()) await sync(join(entry.parentPath, entry.name));
  await sync(directory);
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
