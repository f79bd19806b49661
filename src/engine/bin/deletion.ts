// SPDX-License-Identifier: Apache-2.0
//
// Exactly what goes to the bin with a machine, what erasing it would give back, and what stays where it is.
import { readdir } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import type { DeletionPlan } from '../../contract/bin.ts';
import { locate } from '../../disk/locate.ts';
import { spaceOf } from '../../disk/space.ts';
import { errorCode } from '../../host/files.ts';
import type { StoredMachine } from '../store.ts';

export interface Contents {
  bytes: number;
  frees: number;
  files: DeletionPlan['files'];
}

/** Measures a machine's folder by allocated blocks, since disks are sparse. Links in it are not followed. */
export async function measureFolder(directory: string): Promise<Contents> {
  const { files, folders } = await entriesOf(directory);
  const space = await spaceOf([directory, ...folders, ...files]);
  const plain = new Set(files);
  const listed = space.files
    .filter(({ file }) => plain.has(file))
    .map(({ file, allocated, freed }) => ({
      file: relative(directory, file),
      bytes: allocated,
      frees: freed,
    }));
  listed.sort((a, b) => b.bytes - a.bytes || (a.file < b.file ? -1 : 1));
  return { bytes: space.allocated, frees: space.freed, files: listed };
}

/** What several folders take together, and give back together: what they share with each other comes back then, too. */
export async function measureTogether(
  directories: readonly string[],
): Promise<{ bytes: number; frees: number }> {
  const all = await Promise.all(directories.map((directory) => entriesOf(directory)));
  const { allocated, freed } = await spaceOf([
    ...directories,
    ...all.flatMap(({ files, folders }) => [...folders, ...files]),
  ]);
  return { bytes: allocated, frees: freed };
}

interface Entries {
  files: string[];
  folders: string[];
}

/**
 * Everything in a folder. By hand, since Node's own recursion looks into the folders that symbolic links lead to. What goes
 * away meanwhile, because somebody restores or erases it, is left out.
 */
async function entriesOf(directory: string, found: Entries = { files: [], folders: [] }): Promise<Entries> {
  try {
    for (const entry of await readdir(directory, { withFileTypes: true })) {
      const path = join(directory, entry.name);
      if (!entry.isDirectory()) found.files.push(path);
      else {
        found.folders.push(path);
        await entriesOf(path, found);
      }
    }
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
  }
  return found;
}

/** What a machine uses that is not in its folder. */
export function staysOf({ definition, directory }: StoredMachine): DeletionPlan['stays'] {
  if (definition === null) return [];
  const { boot, disks, removable, shares } = definition;
  const named = [
    ...disks.map(({ file }) => ({ file, what: 'disk' })),
    ...removable.flatMap(({ file }) => (file === undefined ? [] : [{ file, what: 'medium' }])),
    ...(boot.type === 'kernel'
      ? [boot.kernel, boot.initrd].flatMap((file) => (file === undefined ? [] : [{ file, what: 'kernel' }]))
      : []),
    ...shares.map(({ path }) => ({ file: path, what: 'shared folder' })),
  ];
  return named
    .map(({ file, what }) => ({ file: resolve(locate(directory, file)), what }))
    .filter(({ file }) => !file.startsWith(directory + sep));
}
