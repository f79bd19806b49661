// SPDX-License-Identifier: Apache-2.0
import type { CatalogEntry } from '../../../contract/catalog.ts';
import { fold } from '../../text/fold.ts';

/** Entries that hold all of the words; those whose name begins with them first, ours before those of osinfo-db. */
export function findSystems(entries: readonly CatalogEntry[], search: string): CatalogEntry[] {
  const words = fold(search).split(/\s+/).filter(Boolean);
  const whole = words.join(' ');
  const rank = ({ id, name, aliases, family, origin }: CatalogEntry): number => {
    const named = fold(name);
    const exact = [id, ...aliases].includes(whole) || named === whole;
    const where = exact ? 0 : named.startsWith(whole) || fold(family.name).startsWith(whole) ? 1 : 2;
    return where + (origin === 'ours' ? 0 : 10);
  };
  return entries
    .filter(({ id, name, description, aliases, family }) => {
      const text = fold([id, name, family.name, description, ...aliases].join(' '));
      return words.every((word) => text.includes(word));
    })
    .map((entry, place) => ({ entry, place, rank: rank(entry) }))
    .sort((a, b) => a.rank - b.rank || a.place - b.place)
    .map(({ entry }) => entry);
}
