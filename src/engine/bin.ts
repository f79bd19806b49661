// SPDX-License-Identifier: Apache-2.0
import { namesIn } from '../host/files.ts';
import { join } from 'node:path';
import type { BinEntry, Deletion, Emptied } from '../contract/bin.ts';
import { PhyllomeError } from '../contract/errors.ts';
import type { Paths } from '../contract/paths.ts';
import { measureFolder, measureTogether, staysOf } from './bin/deletion.ts';
import type { Binned } from './bin/due.ts';
import { erase } from './erase.ts';
import { idPattern, load, type Store, type StoredMachine } from './store.ts';

/** A machine in the bin, before its disks are measured. */
export interface BinFolder extends Binned {
  id: string;
  name: string;
}

export interface Bin {
  put(machine: StoredMachine): Promise<Deletion>;
  list(): Promise<BinEntry[]>;
  /** What is in it, without measuring anything */
  folders(): Promise<BinFolder[]>;
  /** What all of it takes, and gives back */
  measure(): Promise<{ count: number; bytes: number; frees: number }>;
  /** The deleted machines themselves, without measuring their disks */
  machines(): Promise<StoredMachine[]>;
  /** @throws PhyllomeError `bin-entry-not-found`, `machine-ambiguous`, `name-taken` */
  restore(ref: string): Promise<StoredMachine>;
  /**
   * @param ref a name, an id, or the name of the folder in the bin
   * @throws PhyllomeError `bin-entry-not-found`, `machine-ambiguous`, `machine-needed`
   */
  erase(ref: string): Promise<BinEntry>;
  /**
   * Erases those that are named, or all, and tells which could not be.
   * @throws PhyllomeError `bin-entry-not-found`, `machine-ambiguous` before anything is erased
   */
  empty(refs: readonly string[] | undefined, erased: (entry: BinEntry) => void): Promise<Emptied>;
}

// A folder in the bin is named by when it came there and by its id, so that one rename says everything.
const entryName = /^(\d{4}-\d{2}-\d{2}T\d{2}-\d{2}-\d{2}-\d{3}Z)\.(.+)$/;

/**
 * Deleted machines: whole folders, moved and never changed.
 * @param eraseAt when one is erased by itself
 */
export function openBin(
  paths: Paths,
  store: Store,
  eraseAt: (entry: BinFolder) => string | null = () => null,
): Bin {
  const place = (folder: string): string => join(paths.bin, folder);

  const parse = (folder: string): BinFolder | null => {
    const [, stamp, id] = entryName.exec(folder) ?? [];
    if (stamp === undefined || id === undefined) return null;
    const deletedAt = Date.parse(stamp.replace(/T(\d\d)-(\d\d)-(\d\d)-/, 'T$1:$2:$3.'));
    return Number.isNaN(deletedAt) ? null : { folder, id, name: load(id, place(folder)).name, deletedAt };
  };

  const folders = async (): Promise<BinFolder[]> =>
    (await namesIn(paths.bin))
      .map(parse)
      .filter((entry) => entry !== null)
      .sort((a, b) => b.deletedAt - a.deletedAt);

  const entryOf = async (entry: BinFolder): Promise<BinEntry> => {
    const directory = place(entry.folder);
    const { bytes, frees } = await measureFolder(directory);
    return { ...headOf(entry), directory, bytes, frees, eraseAt: eraseAt(entry) };
  };

  const find = async (ref: string): Promise<BinFolder> => {
    const matches = (await folders()).filter(({ folder, id, name }) => [folder, id, name].includes(ref));
    const [entry] = matches;
    if (entry === undefined) throw new PhyllomeError('bin-entry-not-found', { ref });
    if (matches.length > 1) {
      throw new PhyllomeError('machine-ambiguous', { ref, matches: matches.map((match) => match.id) });
    }
    return entry;
  };

  const machines = async (): Promise<StoredMachine[]> =>
    (await folders()).map(({ folder, id }) => load(id, place(folder)));

  const eraseEntry = async (ref: string): Promise<BinEntry> => {
    const entry = await entryOf(await find(ref));
    await erase(entry, paths, { listed: store.list(), deleted: await machines() });
    return entry;
  };

  return {
    list: async () => Promise.all((await folders()).map(entryOf)),
    folders,
    machines,
    async measure() {
      const all = (await folders()).map(({ folder }) => place(folder));
      return { count: all.length, ...(await measureTogether(all)) };
    },
    async put(machine) {
      const stamp = new Date().toISOString().replaceAll(/[:.]/g, '-');
      const folder = `${stamp}.${machine.id}`;
      const stays = staysOf(machine);
      await store.moveTo(machine, place(folder));
      const entry = parse(folder) as BinFolder;
      const contents = await measureFolder(place(folder));
      return { ...headOf(entry), directory: place(folder), ...contents, eraseAt: eraseAt(entry), stays };
    },
    async restore(ref) {
      const entry = await find(ref);
      store.requireFreeName(entry.name, entry.id);
      if (idPattern.test(entry.id) && store.list().some((machine) => machine.id === entry.id)) {
        throw new PhyllomeError('name-taken', { name: entry.id });
      }
      await store.moveFrom(place(entry.folder), entry.id);
      return store.find(entry.id);
    },
    erase: eraseEntry,
    async empty(refs, erased) {
      const wanted = refs === undefined ? await folders() : await Promise.all(refs.map(find));
      const done: BinEntry[] = [];
      let left = [...new Map(wanted.map((entry) => [entry.folder, entry])).values()];
      let kept: Emptied['kept'] = [];
      // One may be needed by another that goes, too: again, as long as that helps.
      for (let before = left.length + 1; left.length > 0 && left.length < before;) {
        before = left.length;
        const refused: BinFolder[] = [];
        kept = [];
        for (const entry of left) {
          try {
            const gone = await eraseEntry(entry.folder);
            done.push(gone);
            erased(gone);
          } catch (thrown) {
            const { code, message } = PhyllomeError.from(thrown);
            refused.push(entry);
            kept.push({ id: entry.id, name: entry.name, code, reason: message });
          }
        }
        left = refused;
      }
      return { erased: done, kept, frees: done.reduce((sum, { frees }) => sum + frees, 0) };
    },
  };
}

const headOf = ({ id, name, deletedAt }: BinFolder): Pick<BinEntry, 'id' | 'name' | 'deletedAt'> => ({
  id,
  name,
  deletedAt: new Date(deletedAt).toISOString(),
});
