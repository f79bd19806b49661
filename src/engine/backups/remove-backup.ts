// SPDX-License-Identifier: Apache-2.0
//
// Removes backups from the middle of a chain, so that all others stay whole.
//
// 1. Its backup.json becomes removing.json: from then on it is not listed, and its images are only what others rest on.
// 2. Each image that another one rests on takes that one's content and its place (disk/backup-image.ts). Killed in
//    between, some images of the other backup rest on the folder and some do not: both are whole.
// 3. The folder goes.
// Whoever comes next to the backups of the machine goes on where it was left. A folder that has neither file, because a
// copy of it was interrupted, say, is none of our business.
import { lstat, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { PhyllomeError } from '../../contract/errors.ts';
import { absorbLower, readImageHeader } from '../../disk/backup-image.ts';
import { errorCode, namesIn, sync, writeAtomic } from '../../host/files.ts';
import { makingPrefix, readBackups, type StoredBackup } from './backup-folder.ts';
import { backupFiles, backupId, readRecord, recordText } from './backup-record.ts';

/**
 * Removes a backup. To be called with the lock.
 * @throws PhyllomeError `backup-not-found`, `backup-needed`, `no-space`, `file-unreadable`
 */
export async function removeBackup(
  directory: string,
  id: string,
  name: string,
  progress: (step: string) => void = () => {},
): Promise<void> {
  await finishRemovals(directory);
  const all = await readBackups(directory);
  const backup = all.find((one) => one.id === id);
  if (backup === undefined) throw new PhyllomeError('backup-not-found', { id, name, folder: directory });
  requireRemovable(backup, all);
  progress(`Removing ${id}`);
  await rename(join(backup.directory, backupFiles.record), join(backup.directory, backupFiles.removing));
  await sync(backup.directory);
  await finishRemoval(directory, id);
}

/** A chain of ours has one image on each. More, or a damaged one, is somebody else's work: nothing is touched then. */
function requireRemovable(backup: StoredBackup, all: readonly StoredBackup[]): void {
  const children = all.filter(({ parents }) => parents.includes(backup.id));
  const bad = children.find(({ problem }) => problem !== null);
  const several = children.length > 1;
  // A damaged backup helps nobody, but another one may rest on what is left of it.
  if (!several && bad === undefined && (backup.problem === null || children.length === 0)) return;
  throw new PhyllomeError('backup-needed', { id: backup.id, users: children.map((child) => child.id) });
}

/** Finishes what a killed service began to remove. To be called with the lock. */
export async function finishRemovals(directory: string): Promise<void> {
  for (const id of await namesIn(directory)) {
    const folder = join(directory, id);
    if (!backupId.test(id) || !(await lstat(folder)).isDirectory()) continue;
    if (await isThere(join(folder, backupFiles.removing))) await finishRemoval(directory, id);
  }
}

async function finishRemoval(directory: string, id: string): Promise<void> {
  const folder = join(directory, id);
  const children = (await readBackups(directory)).filter(({ parents }) => parents.includes(id));
  // What is left may be what it can still be saved from, by hand.
  if (children.some(({ problem }) => problem !== null)) return;
  for (const child of children) {
    for (const { image } of child.record?.disks ?? []) {
      const upper = join(child.directory, image);
      const { backing } = await readImageHeader(upper);
      const lower = backing === null ? '' : join(child.directory, backing.file);
      if (lower.startsWith(`${folder}/`)) await absorbLower(lower, upper);
    }
    await noteParents(child);
  }
  // First out of the way, so that a kill in the middle leaves nothing that looks like a backup.
  const leaving = join(directory, `${makingPrefix}${id}`);
  await rm(leaving, { recursive: true, force: true });
  await rename(folder, leaving);
  await sync(directory);
  await rm(leaving, { recursive: true, force: true });
}

/** Lets backup.json say what the images rest on now. */
async function noteParents({ id, directory }: StoredBackup): Promise<void> {
  const record = await readRecord(directory, id);
  if (record === null) return;
  for (const disk of record.disks) {
    const { backing } = await readImageHeader(join(directory, disk.image));
    disk.parent = backing?.file.split('/')[1] ?? null;
  }
  record.parent = record.disks.find(({ parent }) => parent !== null)?.parent ?? null;
  record.kind = record.parent === null ? 'full' : 'incremental';
  await writeAtomic(join(directory, backupFiles.record), recordText(record));
}

async function isThere(file: string): Promise<boolean> {
  try {
    await lstat(file);
    return true;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false;
    throw error;
  }
}
