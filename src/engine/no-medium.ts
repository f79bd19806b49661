// SPDX-License-Identifier: Apache-2.0
//
// Entries of the catalogue that have no medium of ours to fetch.
import type { CatalogEntry } from '../contract/catalog.ts';
import { PhyllomeError } from '../contract/errors.ts';

/** One of osinfo-db: its addresses are old, and nothing says what should lie there. */
export function handedOut({ name, media, homepage }: CatalogEntry): PhyllomeError {
  return new PhyllomeError('medium-brought', {
    name,
    page: media[0]?.page ?? homepage ?? 'the page of its makers',
  });
}

/** @param ref the medium that was asked for all the same */
export function madeHere({ id }: CatalogEntry, ref = ''): PhyllomeError {
  return new PhyllomeError('medium-not-found', {
    entry: id,
    ref,
    why: ': it is made on this PC',
    known: ['-'],
  });
}
