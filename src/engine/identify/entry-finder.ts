// SPDX-License-Identifier: Apache-2.0
import { catalog } from '../../catalog/catalog.ts';

/** Finds the entry of the catalogue that a system's name stands for: its id, an alias, its address in osinfo-db. */
export function createEntryFinder(): (names: readonly string[]) => Promise<string | null> {
  return async (names) => catalog.find(({ id }) => names.includes(id))?.id ?? null;
}
