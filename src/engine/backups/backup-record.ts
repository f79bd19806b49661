// SPDX-License-Identifier: Apache-2.0
//
// backup.json: what a backup is, for us and for whoever reads the folder without us. Backups come on drives that
// others had in their hands, so nothing in it is believed before it was looked at.
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { scheduleKinds, type ScheduleKind } from '../../contract/backup.ts';
import { PhyllomeError, reasonOf } from '../../contract/errors.ts';
import { nameProblem } from '../../contract/name.ts';
import { idPattern } from '../store.ts';

/** Names inside a backup. The rest of it are files of the machine under their own names. */
export const backupFiles = {
  record: 'backup.json',
  /** What backup.json becomes when the backup is being removed */
  removing: 'removing.json',
  definition: 'machine.yaml',
} as const;

/** `backup-` and the time in UTC, in characters that every file system takes. Sorting the names sorts the times. */
export const backupId = /^backup-\d{4}-\d{2}-\d{2}T\d{2}-\d{2}-\d{2}-\d{3}Z$/;

export interface RecordedDisk {
  image: string;
  /** As machine.yaml names it */
  file: string;
  /** What it was in the machine, and is again when it is restored */
  format: 'qcow2' | 'raw';
  /** Bytes that the guest sees */
  size: number;
  /** Backup that the image rests on, for people. What counts is the header of the image */
  parent: string | null;
}

export interface BackupRecord {
  formatVersion: 1;
  about: string;
  id: string;
  machine: { id: string; name: string };
  takenAt: string;
  kind: 'full' | 'incremental';
  parent: string | null;
  automatic: ScheduleKind | null;
  guest: 'off' | 'running';
  disks: RecordedDisk[];
  /** Folders and files of the machine that were copied, relative to it and to the backup */
  files: string[];
}

const about =
  'A backup of a virtual machine of Phyllome OS. Each disk is a qcow2 image: "qemu-img convert -O qcow2 disk-0.qcow2 whole.qcow2" makes one file of it and of those it rests on. machine.yaml says what the machine was.';

// Some 300 bytes a disk, and 32 disks at most.
const longestRecord = 256 * 1024;

export function recordText(record: Omit<BackupRecord, 'formatVersion' | 'about'>): string {
  return `${JSON.stringify({ formatVersion: 1, about, ...record }, null, 2)}\n`;
}

/**
 * Reads the record of a backup.
 * @returns null when the folder has none: it is no backup, or one that is being removed
 * @throws PhyllomeError `backup-damaged`
 */
export async function readRecord(directory: string, id: string): Promise<BackupRecord | null> {
  let text: string;
  try {
    const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
    await using handle = await open(join(directory, backupFiles.record), flags);
    const { size } = await handle.stat();
    if (size > longestRecord) throw new Error('backup.json is impossibly large');
    text = await handle.readFile('utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw damaged(id, `backup.json cannot be read: ${reasonOf(error)}`, error);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw damaged(id, 'backup.json is no JSON', error);
  }
  const problem = problemOf(value as BackupRecord, id);
  if (problem !== null) throw damaged(id, `backup.json is damaged: ${problem}`);
  return value as BackupRecord;
}

export const damaged = (id: string, reason: string, cause?: unknown): PhyllomeError =>
  new PhyllomeError('backup-damaged', { id, reason }, { cause });

function problemOf(record: Partial<BackupRecord> | null, id: string): string | null {
  if (typeof record !== 'object' || record === null) return 'it is no object';
  if (record.formatVersion !== 1) return `it has formatVersion ${String(record.formatVersion)}; known is 1`;
  if (record.id !== id) return 'it belongs to another backup';
  const { machine, disks, files, takenAt, automatic, guest } = record;
  if (typeof machine?.id !== 'string' || !idPattern.test(machine.id)) return 'machine.id';
  if (typeof machine.name !== 'string' || nameProblem(machine.name) !== null) return 'machine.name';
  if (typeof takenAt !== 'string' || Number.isNaN(Date.parse(takenAt))) return 'takenAt';
  if (automatic !== null && !scheduleKinds.includes(automatic as ScheduleKind)) return 'automatic';
  if (guest !== 'off' && guest !== 'running') return 'guest';
  if (!Array.isArray(disks) || disks.length > 64 || !disks.every(isDisk)) return 'disks';
  if (!Array.isArray(files) || files.length > 1000 || !files.every(isInside)) return 'files';
  if (new Set(disks.map(({ image }) => image)).size !== disks.length) return 'disks';
  return null;
}

const imageName = /^disk-\d{1,3}\.qcow2$/;

function isDisk(disk: Partial<RecordedDisk> | null): boolean {
  return (
    typeof disk === 'object' &&
    disk !== null &&
    typeof disk.image === 'string' &&
    imageName.test(disk.image) &&
    typeof disk.file === 'string' &&
    (disk.format === 'qcow2' || disk.format === 'raw') &&
    Number.isSafeInteger(disk.size) &&
    (disk.size as number) > 0 &&
    (disk.parent === null || (typeof disk.parent === 'string' && backupId.test(disk.parent)))
  );
}

/** A plain path below the folder it is joined to. */
export function isInside(file: unknown): boolean {
  if (typeof file !== 'string' || file === '' || file.startsWith('/') || file.length > 4096) return false;
  return (
    !/[\0\r\n]/.test(file) && file.split('/').every((part) => part !== '' && part !== '.' && part !== '..')
  );
}
