// SPDX-License-Identifier: Apache-2.0
import { catalog } from '../../catalog/catalog.ts';
import type { Findable } from './entry-finder.ts';

/** What the catalogue has that a file can be recognised as. */
export async function findableEntries(): Promise<Findable[]> {
  return catalog.map(({ id }) => ({ id, aliases: [] }));
}
