// SPDX-License-Identifier: Apache-2.0
//
// Erasing a deleted machine for good. A rename takes it out of the bin in one step; what a kill leaves behind after that
// has a name that nobody lists, and is removed when the service starts.
import { realpathSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { basename, join, resolve, sep } from 'node:path';
import type { BinEntry } from '../contract/bin.ts';
import { PhyllomeError } from '../contract/errors.ts';
import type { MachineDefinition } from '../contract/machine.ts';
import type { Paths } from '../contract/paths.ts';
import { imageChain } from '../disk/chain.ts';
import { locate } from '../disk/locate.ts';
import { errorCode, namesIn, sync } from '../host/files.ts';
import type { StoredMachine } from './store.ts';

export interface Machines {
  listed: readonly StoredMachine[];
  deleted: readonly StoredMachine[];
}

type Leaving = Pick<BinEntry, 'id' | 'name' | 'directory'>;

/** How what is being erased is named in the bin: nobody lists it. */
export const leavingPrefix = '.erasing-';

/**
 * Removes the folder of a deleted machine. Symbolic links in it are removed, never followed.
 * @throws PhyllomeError `machine-needed` when a disk of another machine rests on a file of it
 */
export async function erase(entry: Leaving, paths: Paths, machines: Machines): Promise<void> {
  await requireUnneeded(entry, paths, machines);
  const leaving = join(paths.bin, leavingPrefix + basename(entry.directory));
  try {
    await rename(entry.directory, leaving);
  } catch (error) {
    // Somebody restored or erased it in the meantime.
    if (errorCode(error) === 'ENOENT') throw new PhyllomeError('bin-entry-not-found', { ref: entry.name });
    throw error;
  }
  await sync(paths.bin);
  await rm(leaving, { recursive: true, force: true });
  const remains = [...machines.listed, ...machines.deleted].some(
    ({ id, directory }) => id === entry.id && directory !== entry.directory,
  );
  // Its logs say what its guest wrote; they go with it.
  if (!remains) await rm(join(paths.logs, entry.id), { recursive: true, force: true });
}

/** Removes what a killed service had begun to erase. */
export async function finishErasing(paths: Pick<Paths, 'bin'>): Promise<void> {
  for (const name of await namesIn(paths.bin)) {
    if (name.startsWith(leavingPrefix)) await rm(join(paths.bin, name), { recursive: true, force: true });
  }
}

async function requireUnneeded(
  { id, name, directory }: Leaving,
  paths: Paths,
  { listed, deleted }: Machines,
): Promise<void> {
  const former = join(paths.machines, id);
  // Paths to where it was before it was deleted lead into it again once it is restored, unless another is there now.
  const folders = listed.some((machine) => machine.id === id) ? [directory] : [directory, former];
  const others = [
    ...listed.map((machine) => ({ machine, words: machine.name })),
    ...deleted.map((machine) => ({ machine, words: `${machine.name} (in the bin)` })),
  ].filter(({ machine }) => machine.directory !== directory);
  const users: string[] = [];
  let needed = '';
  for (const { machine, words } of others) {
    const file = (await filesOf(machine)).find((path) => folders.some((folder) => isInside(path, folder)));
    if (file === undefined) continue;
    users.push(words);
    needed ||= file;
  }
  if (users.length > 0) throw new PhyllomeError('machine-needed', { name, users, file: needed });
}

/** Every file that a machine needs, with what its disks rest on. */
async function filesOf({ definition, directory }: StoredMachine): Promise<string[]> {
  if (definition === null) return [];
  const files = namedFiles(definition).map((file) => resolve(locate(directory, file)));
  const disks = definition.disks.map(({ file }) => resolve(locate(directory, file)));
  return [...files, ...(await Promise.all(disks.map(imageChain))).flat()];
}

function namedFiles({ boot, removable }: MachineDefinition): string[] {
  const ofBoot = boot.type === 'kernel' ? [boot.kernel, boot.initrd] : [];
  return [...ofBoot, ...removable.map(({ file }) => file)].filter((file) => file !== undefined);
}

/** As the path is written, and where it leads when there are links in it. */
function isInside(path: string, folder: string): boolean {
  return path.startsWith(folder + sep) || real(path).startsWith(real(folder) + sep);
}

function real(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    // Not there at the moment: only its name can be compared.
    return path;
  }
}
