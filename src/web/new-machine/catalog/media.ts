// SPDX-License-Identifier: Apache-2.0
import type { CatalogEntry, CatalogMedium } from '../../../contract/catalog.ts';
import type { Architecture } from '../../../contract/machine.ts';

/** The media of a system for this PC, and those for other processors, which are emulated, slowly. */
export function mediaFor(
  { media }: CatalogEntry,
  host: Architecture | null,
): { here: CatalogMedium[]; elsewhere: CatalogMedium[] } {
  const here = media.filter(({ architecture }) => host === null || architecture === host);
  return { here, elsewhere: media.filter((medium) => !here.includes(medium)) };
}

/** The medium to begin with: the usual one for this PC. null: none is needed, it is made on this PC. */
export function usualMedium(entry: CatalogEntry, host: Architecture | null): CatalogMedium | null {
  const { here, elsewhere } = mediaFor(entry, host);
  return here[0] ?? elsewhere[0] ?? null;
}

/** Whether its makers have stopped to care for it. */
export function hasEnded({ ends }: CatalogEntry, today: Date): boolean {
  return ends !== null && Date.parse(ends) < today.getTime();
}
