// SPDX-License-Identifier: Apache-2.0
import { dirname, resolve } from 'node:path';
import { qcow2HeaderOf } from './qcow2-file.ts';
import type { Qcow2Header } from './qcow2-header.ts';

// Images that rest on each other, as in inspect.ts.
const longestChain = 64;

/**
 * The file of an image and of every image that it rests on, as far as that can be read: what must not be taken away
 * from it. Starts no program and never fails.
 */
export async function imageChain(file: string): Promise<string[]> {
  const files: string[] = [];
  for (let next: string | null = file; next !== null && files.length < longestChain;) {
    files.push(next);
    const names: string[] = await namesIn(next);
    // The last one is the backing file; a file with the data has nothing behind it.
    files.push(...names.slice(0, -1));
    next = names.at(-1) ?? null;
  }
  return files;
}

/** The image that this one rests on directly, by its absolute path; null: none, or nothing that could be read. */
export async function backingOf(file: string): Promise<{ file: string; format: string | null } | null> {
  const header = await headerOf(file);
  if (header?.backing == null) return null;
  return { file: resolve(dirname(file), header.backing.file), format: header.backing.format };
}

/** The files that a qcow2 header names; none for any other file. */
async function namesIn(file: string): Promise<string[]> {
  const header = await headerOf(file);
  return [header?.dataFile, header?.backing?.file]
    .filter((name) => name !== null && name !== undefined)
    .map((name) => resolve(dirname(file), name));
}

/** null: it is no qcow2 image, or is gone or unreadable: then it rests on nothing that we could know of */
const headerOf = (file: string): Promise<Qcow2Header | null> => qcow2HeaderOf(file).catch(() => null);
