// SPDX-License-Identifier: Apache-2.0
import type { CatalogEntry } from '../contract/catalog.ts';
import { nearWords } from '../contract/near-words.ts';
import { popularEntries } from '../contract/popular-entries.ts';

/**
 * Entries that hold every word somewhere; first those that are called so, then those whose name begins with it, and ours
 * before those of osinfo-db. Where two are alike, the order of the catalogue stays.
 */
export function searchEntries(entries: readonly CatalogEntry[], search: string): CatalogEntry[] {
  const words = fold(search).split(/\s+/).filter(Boolean);
  if (words.length === 0) return [...entries];
  const whole = words.join(' ');
  return entries
    .filter((entry) => {
      const { id, name, description, aliases, family } = entry;
      const text = fold([id, name, family.id, family.name, description, ...aliases].join('\n'));
      return words.every((word) => text.includes(word));
    })
    .map((entry, place) => ({ entry, place, rank: rankOf(entry, whole, words) }))
    .sort((a, b) => a.rank - b.rank || a.place - b.place)
    .map(({ entry }) => entry);
}

function rankOf({ id, name, aliases, family, origin }: CatalogEntry, whole: string, words: string[]): number {
  const names = [id, name, ...aliases].map(fold);
  const osinfo = origin === 'ours' ? 0 : 10;
  if (names.includes(whole)) return osinfo;
  if (fold(family.name) === whole || family.id === whole) return osinfo + 1;
  if (names.some((one) => one.startsWith(whole))) return osinfo + 2;
  const called = fold([id, name, ...aliases, family.name].join('\n'));
  return osinfo + (words.every((word) => called.includes(word)) ? 3 : 4);
}

/** Ids and aliases that somebody may have meant who typed another one. */
export function nearEntries(entries: readonly CatalogEntry[], ref: string): string[] {
  const near = nearWords(
    ref.toLowerCase(),
    entries.flatMap(({ id, aliases }) => [id, ...aliases]),
    5,
  );
  if (near.length > 0) return near;
  const found = searchEntries(entries, ref)
    .slice(0, 5)
    .map(({ id }) => id);
  return found.length > 0 ? found : popularEntries;
}

/** Without capital letters and accents. */
const fold = (text: string): string => text.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase();
