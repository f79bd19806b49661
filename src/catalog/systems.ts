// SPDX-License-Identifier: Apache-2.0
//
// The whole catalogue: what is made on this PC, the systems of our data files, and below them those of osinfo-db. Nothing
// is read before somebody asks; then it stays.
import type { CatalogEntry } from '../contract/catalog.ts';
import { PhyllomeError } from '../contract/errors.ts';
import { hostArchitecture } from '../host/architecture.ts';
import { catalog as items } from './catalog.ts';
import { describeItem } from './describe.ts';
import { describeSystem } from './describe-system.ts';
import type { CatalogItem } from './item.ts';
import type { OsinfoDatabase } from './osinfo/database.ts';
import { osinfoEntries, withoutOurs } from './osinfo/entries.ts';
import { readEntries, type CatalogSystem } from './read-entries.ts';
import { nearEntries, searchEntries } from './search.ts';

/** What a word of a user stands for. */
type Found =
  | { kind: 'item'; item: CatalogItem; entry: CatalogEntry }
  | { kind: 'system'; found: CatalogSystem; entry: CatalogEntry }
  | { kind: 'osinfo'; entry: CatalogEntry };

export interface Systems {
  /** All entries, or those that hold every word of a search, the best ones first */
  entries(search?: string): Promise<CatalogEntry[]>;
  /**
   * By id or alias.
   * @throws PhyllomeError `catalog-entry-not-found`, with what may have been meant
   */
  find(ref: string): Promise<Found>;
  /** The systems of our data files */
  ours(): Promise<CatalogSystem[]>;
}

export interface SystemsParts {
  /** Of the data files */
  folder: string;
  warn: (text: string) => void;
  /** osinfo-db of this PC; the same object as long as it does not change */
  osinfo: () => Promise<OsinfoDatabase | null>;
}

export function createSystems({ folder, warn, osinfo }: SystemsParts): Systems {
  let systems: Promise<CatalogSystem[]> | null = null;
  let described: { ours: CatalogSystem[]; below: OsinfoDatabase | null; found: Found[] } | null = null;

  const ours = (): Promise<CatalogSystem[]> => {
    const reading = systems ?? readEntries(folder, warn);
    systems = reading;
    // What could not be read at all is tried again the next time.
    reading.catch(() => (systems = null));
    return reading;
  };

  const all = async (): Promise<Found[]> => {
    const [read, below] = await Promise.all([ours(), readBelow()]);
    if (described?.ours === read && described.below === below) return described.found;
    const first = items.map((item): Found => ({
      kind: 'item',
      item,
      entry: describeItem(item, hostArchitecture()),
    }));
    const second = read.map((found): Found => ({ kind: 'system', found, entry: describeSystem(found) }));
    const known = [...first, ...second].map(({ entry }) => entry);
    const third = withoutOurs(below === null ? [] : osinfoEntries(below), known).map((entry): Found => ({
      kind: 'osinfo',
      entry,
    }));
    const found = [...first, ...second, ...third];
    described = { ours: read, below, found };
    return found;
  };

  const readBelow = async (): Promise<OsinfoDatabase | null> => {
    try {
      return await osinfo();
    } catch (error) {
      warn(`osinfo-db of this PC is left out of the catalogue: ${PhyllomeError.from(error).message}`);
      return null;
    }
  };

  return {
    ours,
    async entries(search) {
      const entries = (await all()).map(({ entry }) => entry);
      return search === undefined ? entries : searchEntries(entries, search);
    },
    async find(ref) {
      const found = await all();
      const wanted = ref.trim().toLowerCase();
      const one = found.find(({ entry: { id, aliases } }) => id === wanted || aliases.includes(wanted));
      if (one !== undefined) return one;
      const known = nearEntries(
        found.map(({ entry }) => entry),
        ref,
      );
      throw new PhyllomeError('catalog-entry-not-found', { ref, known });
    },
  };
}
