// SPDX-License-Identifier: Apache-2.0
//
// The data files of the catalogue. They are ours, and still checked: a mistake in one is a defect that its reader hears
// of, and the other files go on to be there.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { reasonOf } from '../contract/errors.ts';
import { completeValue, problemText } from '../contract/validate.ts';
import { EntryFile, type System } from './entry-file.ts';

/** A system of the catalogue, with what its file says about its whole family. */
export interface CatalogSystem {
  system: System;
  family: EntryFile['family'];
  keys: EntryFile['keys'];
}

export const entriesFolder = join(import.meta.dirname, 'entries');
export const keysFolder = join(import.meta.dirname, 'keys');

/**
 * Reads all files, once; by the name of the file, so that families come in the order of the alphabet.
 * @param warn hears of what is wrong with a file
 */
export async function readEntries(folder: string, warn: (text: string) => void): Promise<CatalogSystem[]> {
  const { parse } = await import('yaml');
  const names = (await readdir(folder)).filter((name) => name.endsWith('.yaml')).toSorted();
  const taken = new Set<string>();
  const systems: CatalogSystem[] = [];
  for (const name of names) {
    const file = read(await readFile(join(folder, name), 'utf8'), parse);
    if (typeof file === 'string') {
      warn(`${join(folder, name)} is left out of the catalogue: ${file}`);
      continue;
    }
    for (const system of file.systems) {
      const ids = [system.id, ...system.aliases];
      const twice = ids.find((id) => taken.has(id));
      if (twice === undefined) systems.push({ system, family: file.family, keys: file.keys });
      else
        warn(`${system.id} in ${join(folder, name)} is left out of the catalogue: ${twice} is there already`);
      ids.forEach((id) => taken.add(id));
    }
  }
  return systems;
}

function read(text: string, parse: (text: string) => unknown): EntryFile | string {
  try {
    const { value, problems } = completeValue(EntryFile, parse(text));
    return problems.length === 0 ? (value as EntryFile) : problems.map(problemText).join('; ');
  } catch (error) {
    return reasonOf(error);
  }
}
