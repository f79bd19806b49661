// SPDX-License-Identifier: Apache-2.0
import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { BinEntry } from '../contract/api.ts';
import { PhyllomeError } from '../contract/errors.ts';
import type { Paths } from '../contract/paths.ts';
import { errorCode } from '../host/files.ts';
import { erase } from './erase.ts';
import { namesIn } from './files.ts';
import { idPattern, load, type Store, type StoredMachine } from './store.ts';

export interface Bin {
  put(machine: StoredMachine): Promise<BinEntry>;
  list(): Promise<BinEntry[]>;
  /** The deleted machines themselves, without measuring their disks */
  machines(): Promise<StoredMachine[]>;
  /** @throws PhyllomeError `bin-entry-not-found`, `machine-ambiguous`, `name-taken` */
  restore(ref: string): Promise<StoredMachine>;
  /** @throws PhyllomeError `bin-entry-not-found`, `machine-ambiguous`, `machine-needed` */
  erase(ref: string): Promise<BinEntry>;
}

// A folder in the bin is named by when it came there and by its id, so that one rename says everything.
const entryName = /^(\d{4}-\d{2}-\d{2}T\d{2}-\d{2}-\d{2}-\d{3}Z)\.(.+)$/;

/** Deleted machines: whole folders, moved and never changed. */
export function openBin(paths: Paths, store: Store): Bin {
  const entryOf = async (folder: string): Promise<BinEntry | null> => {
    const match = entryName.exec(folder);
    if (match === null) return null;
    const id = match[2] as string;
    const directory = join(paths.bin, folder);
    const deletedAt = (match[1] as string).replace(/T(\d\d)-(\d\d)-(\d\d)-/, 'T$1:$2:$3.');
    return { id, name: load(id, directory).name, deletedAt, directory, bytes: await bytesOnDisk(directory) };
  };

  const list = async (): Promise<BinEntry[]> => {
    const entries = await Promise.all((await namesIn(paths.bin)).map(entryOf));
    return entries.filter((entry) => entry !== null).sort((a, b) => (a.deletedAt < b.deletedAt ? 1 : -1));
  };

  const find = async (ref: string): Promise<BinEntry> => {
    const matches = (await list()).filter((entry) => entry.id === ref || entry.name === ref);
    const [entry] = matches;
    if (entry === undefined) throw new PhyllomeError('bin-entry-not-found', { ref });
    if (matches.length > 1) {
      throw new PhyllomeError('machine-ambiguous', { ref, matches: matches.map((match) => match.id) });
    }
    return entry;
  };

  const machines = async (): Promise<StoredMachine[]> =>
    (await namesIn(paths.bin)).flatMap((folder) => {
      const id = entryName.exec(folder)?.[2];
      return id === undefined ? [] : [load(id, join(paths.bin, folder))];
    });

  return {
    list,
    machines,
    async put(machine) {
      const stamp = new Date().toISOString().replaceAll(/[:.]/g, '-');
      const folder = `${stamp}.${machine.id}`;
      await store.moveTo(machine, join(paths.bin, folder));
      return (await entryOf(folder)) as BinEntry;
    },
    async restore(ref) {
      const entry = await find(ref);
      store.requireFreeName(entry.name, entry.id);
      if (idPattern.test(entry.id) && store.list().some((machine) => machine.id === entry.id)) {
        throw new PhyllomeError('name-taken', { name: entry.id });
      }
      await store.moveFrom(entry.directory, entry.id);
      return store.find(entry.id);
    },
    async erase(ref) {
      const entry = await find(ref);
      await erase(entry, paths, { listed: store.list(), deleted: await machines() });
      return entry;
    },
  };
}

/**
 * Space a folder takes (allocated blocks, not apparent sizes: disks are sparse). Links are not followed. What goes away
 * meanwhile, because somebody restores or erases it, takes none.
 */
async function bytesOnDisk(directory: string): Promise<number> {
  let bytes = 0;
  try {
    // With types: without them, Node looks into the folders that symbolic links lead to.
    for (const entry of await readdir(directory, { recursive: true, withFileTypes: true })) {
      // st_blocks counts units of 512 bytes whatever the file system's block size is.
      bytes += (await lstat(join(entry.parentPath, entry.name))).blocks * 512;
    }
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
  }
  return bytes;
}
