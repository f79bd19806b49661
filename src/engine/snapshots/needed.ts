// SPDX-License-Identifier: Apache-2.0
//
// Which images of a machine something rests on. Nothing that stands here is ever removed.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { machineFiles } from '../../contract/paths.ts';
import { backingOf, imageChain } from '../../disk/chain.ts';
import { locate } from '../../disk/locate.ts';
import { readDefinitionText } from '../definition-file.ts';
import type { StoredMachine } from '../store.ts';
import { readJournal } from '../switch-journal.ts';
import type { SnapshotRecord } from './record.ts';

type Folder = Pick<StoredMachine, 'directory' | 'definition'>;

export interface Needed {
  /** Images that the definition names, as absolute paths */
  heads: Set<string>;
  /** Images that show what a snapshot is */
  layers: Set<string>;
  /** Images that something else names, so that neither name nor content may change */
  pinned: Set<string>;
  /** All of these, and whatever they rest on */
  all: Set<string>;
}

/**
 * @param others every other machine, deleted ones too: a disk of theirs may rest on one of this machine
 * @throws PhyllomeError `definition-unreadable`, `definition-invalid`, `file-unreadable` when that cannot be said for sure
 */
export async function neededImages(
  { directory, definition }: Folder,
  records: readonly SnapshotRecord[],
  others: readonly Folder[],
): Promise<Needed> {
  const here = (files: readonly string[]) => files.map((file) => resolve(locate(directory, file)));
  const heads = new Set(here((definition?.disks ?? []).map(({ file }) => file)));
  const layers = new Set(here(records.flatMap(({ disks }) => disks.map(({ file }) => file))));
  const foreign = others.flatMap((other) =>
    (other.definition?.disks ?? []).map(({ file }) => resolve(locate(other.directory, file))),
  );
  const foreignChains = (await Promise.all(foreign.map(imageChain))).flat();
  const pinned = new Set([...here(namedBefore(directory)), ...foreignChains.map((file) => resolve(file))]);
  const chains = await Promise.all([...heads, ...layers, ...pinned].map(imageChain));
  return { heads, layers, pinned, all: new Set(chains.flat().map((file) => resolve(file))) };
}

/** Disks of the definition before a switch to another VMM, and of a switch that is not finished. */
function namedBefore(directory: string): string[] {
  const before = join(directory, machineFiles.beforeSwitch);
  const earlier = existsSync(before) ? readDefinitionText(readFileSync(before, 'utf8')).disks : [];
  const journal = readJournal(directory);
  return [...earlier.map(({ file }) => file), ...(journal?.copies ?? []), ...(journal?.originals ?? [])];
}

/** The images in disks/ that rest directly on `base`. */
export async function childrenOf(directory: string, base: string): Promise<string[]> {
  const folder = join(directory, machineFiles.disks);
  const children: string[] = [];
  for (const name of existsSync(folder) ? readdirSync(folder) : []) {
    const file = join(folder, name);
    if (!name.startsWith('.') && (await backingOf(file))?.file === base) children.push(file);
  }
  return children;
}
