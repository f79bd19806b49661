// SPDX-License-Identifier: Apache-2.0
//
// Which files something else rests on. Doubt means yes: what is named anywhere stays.
import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { machineFiles } from '../../contract/paths.ts';
import { imageChain } from '../../disk/chain.ts';
import { locate } from '../../disk/locate.ts';
import type { StoredMachine } from '../store.ts';

type Folder = Pick<StoredMachine, 'name' | 'directory' | 'definition'>;

/** Who needs a file, in words: "a snapshot of it", "its disk disks/a.qcow2", "the machine web". */
export type NeededBy = (path: string) => string[];

/**
 * @param others every other machine, those in the bin too
 * @param except a disk of this machine that does not count, by its file as the definition names it
 */
export async function whoNeeds(
  { directory, definition }: Folder,
  others: readonly Folder[],
  except: string | null,
): Promise<NeededBy> {
  const users = new Map<string, Set<string>>();
  const note = (words: string, files: readonly string[]): void => {
    for (const file of files) {
      const path = real(file);
      users.set(path, (users.get(path) ?? new Set()).add(words));
    }
  };
  for (const { file } of definition?.disks ?? [])
    if (file !== except) note(`its disk ${file}`, await imageChain(locate(directory, file)));
  for (const other of others)
    for (const { file } of other.definition?.disks ?? [])
      note(`the machine ${other.name}`, await imageChain(locate(other.directory, file)));
  const records = recordsOf(directory);
  for (const image of imagesOf(directory))
    for (const { words, text } of records)
      if (text.includes(`/${basename(image)}`)) note(words, await imageChain(image));
  return (path) => [...(users.get(real(path)) ?? [])];
}

/** The images in the folder of a machine, as absolute paths; what is half-made has a hidden name. */
export function imagesOf(directory: string): string[] {
  const folder = join(directory, machineFiles.disks);
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
    .map((entry) => join(folder, entry.name));
}

/** Of what is under way with the images of a machine: it may name its heads, too. */
export const underWay = 'work that is not finished';

/** Everything that may name an image beside the definition. */
function recordsOf(directory: string): { words: string; text: string }[] {
  const folder = join(directory, machineFiles.snapshots);
  const found = existsSync(folder)
    ? readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && /\.(?:json|yaml)$/.test(entry.name))
        // Snapshots have folders; what lies beside them is about work on them.
        .map(({ parentPath, name }) => ({
          words: parentPath === folder ? underWay : 'a snapshot of it',
          file: join(parentPath, name),
        }))
    : [];
  return [...found, { words: underWay, file: join(directory, machineFiles.switching) }]
    .filter(({ file }) => existsSync(file))
    .map(({ words, file }) => ({ words, text: readFileSync(file, 'utf8') }));
}

/** Links make that a file has several paths; one that is gone has only the one given. */
function real(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return resolve(path);
  }
}
