// SPDX-License-Identifier: Apache-2.0
import type { CatalogEntry } from '../../../contract/catalog.ts';

/** Systems of one project, in the order of the catalogue: its usual one first. */
export interface Family {
  id: string;
  name: string;
  colour: string;
  systems: readonly [CatalogEntry, ...CatalogEntry[]];
}

// What people look for most, in the order of the tiles.
const popular = [
  'phyllome',
  'debian',
  'ubuntu',
  'fedora',
  'windows',
  'linuxmint',
  'arch',
  'opensuse',
  'freebsd',
  'alpine',
  'nixos',
  'rocky',
];

/** The families of our own entries. What only osinfo-db knows is found by searching. */
export function familiesOf(entries: readonly CatalogEntry[]): Family[] {
  const families = new Map<string, Family>();
  for (const entry of entries) {
    if (entry.origin !== 'ours') continue;
    const { id, name, colour } = entry.family;
    const known = families.get(id);
    const systems: Family['systems'] = known === undefined ? [entry] : [...known.systems, entry];
    families.set(id, { id, colour, systems, name });
  }
  return [...families.values()];
}

/** The tiles: what most people want first, all others by name. */
export function arrangeFamilies(
  families: readonly Family[],
  compare: (a: string, b: string) => number,
): { popular: Family[]; others: Family[] } {
  const rank = ({ id }: Family): number => popular.indexOf(id);
  return {
    popular: families.filter((family) => rank(family) >= 0).sort((a, b) => rank(a) - rank(b)),
    others: families.filter((family) => rank(family) < 0).sort((a, b) => compare(a.name, b.name)),
  };
}

/** What the tile of a system's family is called: what we make ourselves has no project, only its own name. */
export function tileName({ family, name }: Pick<CatalogEntry, 'family' | 'name'>): string {
  return family.id === 'phyllome' ? name : family.name;
}
