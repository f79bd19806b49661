// SPDX-License-Identifier: Apache-2.0
//
// The folder with the backups of one machine: <folder>/<machine id>/backup-<time>/.
import type { Stats } from 'node:fs';
import { lstat, mkdir, readdir, realpath, rm, stat } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import type { Backup } from '../../contract/backup.ts';
import { PhyllomeError, reasonOf } from '../../contract/errors.ts';
import { inspectImage } from '../../disk/inspect.ts';
import { readImageHeader } from '../../disk/backup-image.ts';
import { errorCode, namesIn } from '../../host/files.ts';
import { lockFile, type Lock } from '../../host/lock.ts';
import { backupId, damaged, readRecord, type BackupRecord } from './backup-record.ts';

/** What is not a backup yet has such a name, and is nobody's but ours. */
export const makingPrefix = '.making-';
const lockName = '.lock';

/** A backup as it stands in its folder. */
export interface StoredBackup {
  id: string;
  directory: string;
  /** null: it cannot be read, see `problem` */
  record: BackupRecord | null;
  /** What each of its images rests on: ids of backups */
  parents: string[];
  problem: string | null;
}

/**
 * Makes sure that a folder can take backups of a machine. Only its last part is made: a drive that is not plugged in
 * must not become a folder on another one.
 * @param machines folder of all machines, in which no backup helps anybody
 * @throws PhyllomeError `backup-folder-refused`
 */
export async function prepareFolder(folder: string, machines: string): Promise<void> {
  try {
    await mkdir(folder, { mode: 0o700 });
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw refused(folder, explain(error));
  }
  const found = await stat(folder).catch((error: unknown) => {
    throw refused(folder, explain(error));
  });
  if (!found.isDirectory()) throw refused(folder, 'it is not a folder');
  const [real, around] = [await realpath(folder), await realpath(dirname(machines))];
  if (`${real}${sep}`.startsWith(around + sep))
    throw refused(folder, 'it lies where the machines themselves are and would be lost with them');
}

/** @throws PhyllomeError `backup-folder-refused` when it is not there */
export async function requireFolder(folder: string): Promise<void> {
  try {
    await readdir(folder);
  } catch (error) {
    throw refused(folder, explain(error));
  }
}

/** What a place does not protect from, in words; null: it is on another disk, as far as one can see. */
export async function placeWarning(folder: string, machines: string): Promise<string | null> {
  const [there, here] = await Promise.all([stat(folder), stat(machines)]);
  if (there.dev !== here.dev) return null;
  return `${folder} is on the same disk as the machines: its backups do not help when that disk breaks.`;
}

const refused = (folder: string, reason: string): PhyllomeError =>
  new PhyllomeError('backup-folder-refused', { folder, reason });

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'it is not there; perhaps its drive is not plugged in',
  EACCES: 'you may not write there',
  EPERM: 'you may not write there',
  EROFS: 'it can only be read',
  ENOTDIR: 'it is not a folder',
};

const explain = (error: unknown): string => reasons[errorCode(error) ?? ''] ?? reasonOf(error);

/** Keeps every other service off the backups of a machine. @throws PhyllomeError `backup-busy` */
export async function lockBackups(directory: string): Promise<Lock> {
  const lock = await lockFile(join(directory, lockName));
  if (lock === null) throw new PhyllomeError('backup-busy', { directory });
  return lock;
}

/** Removes what a killed service had begun. To be called with the lock. */
export async function removeHalfMade(directory: string): Promise<void> {
  for (const name of await namesIn(directory))
    if (name.startsWith(makingPrefix)) await rm(join(directory, name), { recursive: true, force: true });
}

/** All backups of a machine, the oldest first. What is damaged is among them, with what is wrong. Opens no image. */
export async function readBackups(directory: string): Promise<StoredBackup[]> {
  const names = (await namesIn(directory)).filter((name) => backupId.test(name)).toSorted();
  const all = await Promise.all(names.map((id) => readBackup(directory, id)));
  const found = all.filter((backup) => backup !== null);
  const byId = new Map(found.map((backup) => [backup.id, backup]));
  // One that rests on a damaged one is damaged.
  for (const backup of found) {
    if (backup.problem !== null) continue;
    for (const parent of backup.parents) {
      const problem = byId.get(parent)?.problem;
      if (problem != null) backup.problem = `it rests on ${parent}: ${problem}`;
    }
  }
  return found;
}

async function readBackup(folder: string, id: string): Promise<StoredBackup | null> {
  const directory = join(folder, id);
  const backup: StoredBackup = { id, directory, record: null, parents: [], problem: null };
  try {
    // A link could lead anywhere.
    if (!(await lstat(directory)).isDirectory()) return null;
    backup.record = await readRecord(directory, id);
    if (backup.record === null) return null;
    for (const { image, size } of backup.record.disks) {
      const file = join(directory, image);
      if (!(await lstat(file)).isFile()) throw damaged(id, `${image} is not a regular file`);
      await inspectImage({ file, format: 'qcow2', directory: folder });
      const header = await readImageHeader(file);
      if (header.virtualSize !== size) throw damaged(id, `${image} has another size than backup.json says`);
      const parent = header.backing === null ? null : parentIn(header.backing.file);
      if (header.backing !== null && parent === null)
        throw damaged(id, `${image} rests on ${header.backing.file}, which is no backup of this machine`);
      if (parent !== null) backup.parents.push(parent);
    }
  } catch (error) {
    backup.problem = PhyllomeError.from(error instanceof Error ? error : new Error(String(error))).message;
    if (error instanceof PhyllomeError && error.code === 'backup-damaged')
      backup.problem = String(error.facts['reason']);
  }
  backup.parents = [...new Set(backup.parents)];
  return backup;
}

/** The backup in "../backup-.../disk-N.qcow2"; null for any other name. */
function parentIn(name: string): string | null {
  const [up, id = '', file, ...rest] = name.split('/');
  if (up !== '..' || rest.length > 0 || !backupId.test(id)) return null;
  return file !== undefined && /^disk-\d{1,3}\.qcow2$/.test(file) ? id : null;
}

/** A backup as the API shows it. */
export async function viewOf(
  { id, directory, record, parents, problem }: StoredBackup,
  machineId: string,
): Promise<Backup> {
  const { sizes, total } = await bytesIn(directory);
  return {
    id,
    machineId: record?.machine.id ?? machineId,
    machineName: record?.machine.name ?? machineId,
    directory,
    takenAt: record?.takenAt ?? timeIn(id),
    kind: parents.length > 0 ? 'incremental' : 'full',
    parent: parents.toSorted().at(-1) ?? null,
    automatic: record?.automatic ?? null,
    guest: record?.guest ?? 'off',
    bytes: total,
    disks: (record?.disks ?? []).map(({ image, file, size }) => ({
      image,
      file,
      size,
      bytes: sizes.get(image) ?? 0,
    })),
    problem,
  };
}

export const idOfTime = (time: Date): string => `backup-${time.toISOString().replaceAll(/[:.]/g, '-')}`;

const timeIn = (id: string): string =>
  id.slice('backup-'.length).replace(/T(\d\d)-(\d\d)-(\d\d)-/, 'T$1:$2:$3.');

async function bytesIn(directory: string): Promise<{ sizes: Map<string, number>; total: number }> {
  const sizes = new Map<string, number>();
  let total = 0;
  for (const entry of await readdir(directory, { recursive: true, withFileTypes: true })) {
    const file = join(entry.parentPath, entry.name);
    const found: Stats = await lstat(file);
    // st_blocks counts units of 512 bytes whatever the file system's block size is.
    const bytes = found.blocks * 512;
    // Other backups have a file with several names, too: it goes with the last of them.
    if (!found.isFile() || found.nlink === 1) total += bytes;
    if (entry.parentPath === directory) sizes.set(entry.name, bytes);
  }
  return { sizes, total };
}
