// SPDX-License-Identifier: Apache-2.0
//
// What is under way with the images of a machine, on the disk, so that whoever comes after a kill knows which files are
// whose. One write of machine.yaml is the step from before to after; this says what goes on either side of it.
import { existsSync, readFileSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { PhyllomeError, reasonOf } from '../../contract/errors.ts';
import { machineFiles } from '../../contract/paths.ts';
import { locate } from '../../disk/locate.ts';
import { errorCode, removeHalfWritten, writeAtomic } from '../../host/files.ts';
import type { StoredMachine } from '../store.ts';
import { whoNeeds } from './needed.ts';

interface DiskJournal {
  formatVersion: 1;
  /** Images that the new definition names; they go when the step was not made */
  made: string[];
  /** Images that it no longer names; they go when the step was made and nothing else needs them */
  replaced: string[];
}

const fileOf = (directory: string): string => join(directory, machineFiles.diskWork);

export async function writeDiskJournal(
  directory: string,
  work: Omit<DiskJournal, 'formatVersion'>,
): Promise<void> {
  await writeAtomic(fileOf(directory), JSON.stringify({ formatVersion: 1, ...work }));
}

/** null: nothing is under way. @throws PhyllomeError `file-unreadable` for what is none of ours */
function readDiskJournal(directory: string): DiskJournal | null {
  const file = fileOf(directory);
  const what = 'record of work on disks';
  try {
    const journal = JSON.parse(readFileSync(file, 'utf8')) as DiskJournal;
    if (journal.formatVersion === 1 && areImages(journal.made) && areImages(journal.replaced)) return journal;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw new PhyllomeError('file-unreadable', { what, file, reason: reasonOf(error) }, { cause: error });
  }
  throw new PhyllomeError('file-unreadable', { what, file, reason: 'it is damaged' });
}

/**
 * Ends what was begun, one way or the other, as the definition says. Only files that the record names, that the
 * definition does not name and that nothing needs are removed. Doing it again changes nothing.
 * @param machine as it is now
 * @param others every other machine; only asked for when something is under way
 * @returns the images that are gone
 */
export async function settleDiskWork(
  machine: StoredMachine,
  others: () => Promise<readonly StoredMachine[]>,
): Promise<string[]> {
  const { directory, definition } = machine;
  const journal = readDiskJournal(directory);
  // Without a definition that can be read nobody knows what it needs.
  if (journal === null || definition === null) return [];
  const named = new Set(definition.disks.map(({ file }) => file));
  const { made, replaced } = journal;
  const happened =
    made.length > 0 ? made.some((file) => named.has(file)) : replaced.every((file) => !named.has(file));
  const neededBy = await whoNeeds(machine, await others(), null);
  const gone: string[] = [];
  for (const file of happened ? replaced : made) {
    const path = locate(directory, file);
    if (named.has(file) || !existsSync(path) || neededBy(path).length > 0) continue;
    await rm(path);
    gone.push(file);
  }
  await rm(fileOf(directory), { force: true });
  return gone;
}

// As makeNewFile and the rewriting of disks name what is not complete.
const halfMade = /^\..+\.[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\.tmp$/;

/** Removes images and records that a killed service had begun to make. Only while nobody makes any: when the service starts. */
export async function removeHalfMade(directory: string): Promise<void> {
  await removeHalfWritten(directory);
  const folder = join(directory, machineFiles.disks);
  for (const name of existsSync(folder) ? await readdir(folder) : [])
    if (halfMade.test(name)) await rm(join(folder, name), { force: true });
}

// It names files that will be removed, and the folder may come from another PC: only images in disks/ count.
const areImages = (files: unknown): boolean =>
  Array.isArray(files) && files.every((file) => typeof file === 'string' && /^disks\/[^/\0]+$/.test(file));
