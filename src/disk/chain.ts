// SPDX-License-Identifier: Apache-2.0
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { headerLength, readQcow2Header, type Qcow2Header } from './qcow2-header.ts';
import { readSome } from './read-some.ts';

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

/** null: it is no qcow2 image, or cannot be read */
async function headerOf(file: string): Promise<Qcow2Header | null> {
  try {
    await using handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK);
    const { size } = await handle.stat();
    const bytes = await readSome(handle, 0, headerLength);
    if (bytes.toString('latin1', 0, 4) !== 'QFI\xfb') return null;
    const header = readQcow2Header(bytes, size);
    return typeof header === 'string' ? null : header;
  } catch {
    // Gone or unreadable: it rests on nothing that we could know of.
    return null;
  }
}
