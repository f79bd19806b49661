// SPDX-License-Identifier: Apache-2.0
//
// What files take on the disk, and what removing them would really give back: three numbers that people take for one.
// A file with further names (hard links) gives nothing back until its last name goes. What files share by reflinks is
// not seen here: there, less comes back than is said.
import type { BigIntStats } from 'node:fs';
import { lstat } from 'node:fs/promises';
import { errorCode } from '../host/files.ts';

interface FileSpace {
  file: string;
  /** As "ls" shows it: the length, holes included (bytes) */
  apparent: number;
  /** What it takes on the disk (bytes) */
  allocated: number;
  /** What comes back when the whole list is removed (bytes) */
  freed: number;
  /** How many names it has outside of the list */
  otherNames: number;
}

export interface Space {
  apparent: number;
  allocated: number;
  freed: number;
  /** Those that stay, by another name or because somebody needs them */
  sharedFiles: string[];
  /** File by file, in the order of the list; what does not exist is left out */
  files: FileSpace[];
}

// st_blocks counts units of 512 bytes whatever the file system's block size is.
const blockUnit = 512;

/**
 * Measures files, folders (their own entry, not what is in them) and links (never followed). Two names of one file in
 * the list count once. Reads no content.
 * @param needed files that stay because others rest on them, although they have no other name
 */
export async function spaceOf(files: readonly string[], needed?: ReadonlySet<string>): Promise<Space> {
  const found: { file: string; key: string; stats: BigIntStats }[] = [];
  for (const file of new Set(files)) {
    const stats = await statOf(file);
    if (stats !== null) found.push({ file, key: inodeKey(stats), stats });
  }
  const names = new Map<string, number>();
  const kept = new Set<string>();
  for (const { file, key } of found) {
    names.set(key, (names.get(key) ?? 0) + 1);
    if (needed?.has(file) === true) kept.add(key);
  }
  const counted = new Set<string>();
  const measured = found.map(({ file, key, stats }) => {
    const again = counted.has(key);
    counted.add(key);
    // Folders have a link for each folder in them; that is no other name.
    const otherNames = stats.isFile() ? Math.max(0, Number(stats.nlink) - (names.get(key) ?? 1)) : 0;
    const allocated = again ? 0 : Number(stats.blocks) * blockUnit;
    return {
      file,
      apparent: again ? 0 : Number(stats.size),
      allocated,
      freed: otherNames > 0 || kept.has(key) ? 0 : allocated,
      otherNames,
      stays: otherNames > 0 || kept.has(key),
    };
  });
  const sum = (pick: (one: FileSpace) => number): number =>
    measured.reduce((total, one) => total + pick(one), 0);
  return {
    apparent: sum(({ apparent }) => apparent),
    allocated: sum(({ allocated }) => allocated),
    freed: sum(({ freed }) => freed),
    sharedFiles: measured.filter(({ stays }) => stays).map(({ file }) => file),
    files: measured.map(({ stays: _, ...one }) => one),
  };
}

/** What makes two names one file. */
export function inodeKey({ dev, ino }: Pick<BigIntStats, 'dev' | 'ino'>): string {
  return `${dev}:${ino}`;
}

async function statOf(file: string): Promise<BigIntStats | null> {
  try {
    // As large numbers: some file systems have inodes that a plain one cannot hold.
    return await lstat(file, { bigint: true });
  } catch (error) {
    // What somebody removed meanwhile takes nothing.
    if (errorCode(error) === 'ENOENT' || errorCode(error) === 'ENOTDIR') return null;
    throw error;
  }
}
