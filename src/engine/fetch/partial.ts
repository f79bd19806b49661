// SPDX-License-Identifier: Apache-2.0
//
// A download that is not complete: its bytes in a hidden folder of the library, and what is known of the file they belong to.
// It outlives aborts, crashes and services. Nothing in it is believed: the whole is hashed in the end.
import { createHash } from 'node:crypto';
import { readFile, rm, stat, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode, namesIn, writeAtomic } from '../../host/files.ts';

export interface PartialNote {
  formatVersion: 1;
  /** For people: what it will be */
  name: string;
  entry: string;
  medium: string;
  address: string;
  validator: string | null;
  total: number | null;
}

export interface Partial {
  /** File with the bytes so far */
  file: string;
  unpacked: string;
  note(): Promise<PartialNote | null>;
  write(note: PartialNote): Promise<void>;
  /** Both files go */
  remove(): Promise<void>;
}

// What nobody went on with for so long (ms) is thrown away.
const forgotten = 14 * 24 * 3600 * 1000;

/** @param published what the file has to be: another one is another download */
export async function openPartial(folder: string, published: string): Promise<Partial> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const key = createHash('sha256').update(published).digest('hex').slice(0, 32);
  const file = join(folder, `${key}.part`);
  const unpacked = join(folder, `${key}.unpacked`);
  const noteFile = join(folder, `${key}.json`);
  return {
    file,
    unpacked,
    async note() {
      try {
        const note = JSON.parse(await readFile(noteFile, 'utf8')) as PartialNote;
        return note.formatVersion === 1 ? note : null;
      } catch {
        // Bytes of which nothing is known are of no use.
        return null;
      }
    },
    write: (note) => writeAtomic(noteFile, JSON.stringify(note), { durable: false }),
    async remove() {
      await rm(file, { force: true });
      await rm(unpacked, { force: true });
      await rm(noteFile, { force: true });
    },
  };
}

/** Removes what was given up long ago, and what a killed service was unpacking. */
export async function sweepPartials(folder: string, now = Date.now()): Promise<void> {
  for (const name of await namesIn(folder)) {
    const file = join(folder, name);
    const age = await ageOf(file, now);
    if (name.endsWith('.unpacked') || name.endsWith('.tmp') || age > forgotten)
      await rm(file, { force: true });
  }
}

async function ageOf(file: string, now: number): Promise<number> {
  try {
    return now - (await stat(file)).mtimeMs;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return 0;
    throw error;
  }
}
