// SPDX-License-Identifier: Apache-2.0
import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode } from '../host/files.ts';
import { inodeKey } from './space.ts';

export interface Owner {
  /** How people know it: "web", "web (in the bin)" */
  words: string;
  /** Folder that is looked through, with all folders in it */
  directory: string;
}

/**
 * Who else has a name for a file (a hard link), as linked clones have for the layers of their source.
 * @returns for each of the files that has sharers, their words in the order of the owners
 */
export async function sharersOf(
  files: readonly string[],
  owners: readonly Owner[],
): Promise<Map<string, string[]>> {
  const wanted = new Map<string, string>();
  for (const file of files) {
    const key = await keyOf(file);
    if (key !== null) wanted.set(key, file);
  }
  const found = new Map<string, string[]>();
  if (wanted.size === 0) return found;
  for (const { words, directory } of owners) {
    for (const path of await pathsBelow(directory)) {
      const key = await keyOf(path);
      const file = key === null ? undefined : wanted.get(key);
      if (file === undefined) continue;
      const sharers = found.get(file) ?? [];
      if (!sharers.includes(words)) found.set(file, [...sharers, words]);
    }
  }
  return found;
}

/** null: gone, or it has only one name. */
async function keyOf(path: string): Promise<string | null> {
  try {
    const stats = await lstat(path, { bigint: true });
    return stats.isFile() && stats.nlink > 1n ? inodeKey(stats) : null;
  } catch (error) {
    if (errorCode(error) === 'ENOENT' || errorCode(error) === 'ENOTDIR') return null;
    throw error;
  }
}

async function pathsBelow(directory: string): Promise<string[]> {
  try {
    // With types: without them, Node looks into the folders that symbolic links lead to.
    const entries = await readdir(directory, { recursive: true, withFileTypes: true });
    return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  }
}
