// SPDX-License-Identifier: Apache-2.0
//
// Secure Boot for a machine whose variables were made without it: it gets the keys that a new machine is made with.
import { databaseOf, databases } from './secure-boot.ts';
import { readVariables } from './variable-store.ts';
import { writeVariables } from './write-variables.ts';

/**
 * The volume with PK, KEK, db and dbx of a template; all else, such as the order of booting, stays. A volume with an owner
 * (PK) is left as it is: whoever put that there decides what is trusted. Pure.
 * @returns a sentence without its end when that is not possible
 */
export function adoptKeys(volume: Buffer, template: Buffer): Buffer | string {
  const store = readVariables(volume);
  if (store === null) return 'no firmware has written to it yet';
  if (typeof store === 'string') return store;
  if (databaseOf(store.variables, 'PK') !== undefined) return volume;
  const source = readVariables(template);
  if (source === null || typeof source === 'string')
    return 'the variables that come with the firmware are laid out in an unknown way';
  const keys = databases.flatMap((database) => databaseOf(source.variables, database) ?? []);
  if (databaseOf(keys, 'PK') === undefined) return 'the variables that come with the firmware have no keys';
  const kept = store.variables.filter((variable) =>
    databases.every((database) => databaseOf(store.variables, database) !== variable),
  );
  return writeVariables(volume, store, [...kept, ...keys]);
}
