// SPDX-License-Identifier: Apache-2.0
//
// What is written down of a snapshot: snapshots/<id>/snapshot.json in the machine's folder. The folder appears under its
// name when all of it is there.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { reasonOf } from '../../contract/errors.ts';
import { machineFiles } from '../../contract/paths.ts';
import { namesIn, writeAtomic } from '../../host/files.ts';
import { idPattern } from '../store.ts';

/** A disk of a snapshot: the image that shows what the guest had on it. */
export interface SnapshotDisk {
  /** Index in `disks` of the definition that lies beside the record */
  index: number;
  /** As a definition names it: disks/NAME */
  file: string;
  format: 'qcow2' | 'raw';
}

export interface SnapshotRecord {
  formatVersion: 1;
  id: string;
  name: string;
  note: string;
  takenAt: string;
  parent: string | null;
  /** Why it was taken, when nobody asked for it */
  automatic: string | null;
  memory: boolean;
  disks: SnapshotDisk[];
}

/** Names inside the folder of a snapshot; firmware, tpm and saved are called as in the machine's folder. */
export const snapshotFiles = { record: 'snapshot.json', picture: 'screen.png' } as const;

export interface Records {
  /** The oldest first */
  records: SnapshotRecord[];
  /** What cannot be read. As long as there is such a thing, nobody knows which files it needs */
  problems: { id: string; reason: string }[];
}

export function snapshotFolder(directory: string, id: string): string {
  return join(directory, machineFiles.snapshots, id);
}

export async function readRecords(directory: string): Promise<Records> {
  const found: Records = { records: [], problems: [] };
  for (const id of await namesIn(join(directory, machineFiles.snapshots))) {
    if (!idPattern.test(id)) continue;
    const folder = snapshotFolder(directory, id);
    try {
      found.records.push(readRecord(folder, id));
    } catch (error) {
      found.problems.push({
        id,
        reason: `${join(folder, snapshotFiles.record)} cannot be used: ${reasonOf(error)}`,
      });
    }
  }
  found.records.sort((a, b) => (a.takenAt < b.takenAt || (a.takenAt === b.takenAt && a.id < b.id) ? -1 : 1));
  return found;
}

/** The record in the folder of a snapshot. @throws what reading throws; an error for what is none of ours */
export function readRecord(folder: string, id: string): SnapshotRecord {
  return parseRecord(readFileSync(join(folder, snapshotFiles.record), 'utf8'), id);
}

/** Writes a record, also over the one that is there. */
export function writeRecord(folder: string, record: SnapshotRecord): Promise<void> {
  return writeAtomic(join(folder, snapshotFiles.record), `${JSON.stringify(record, null, 2)}\n`);
}

/** A folder may come from another PC: what it names is opened and removed, so only plain names count. */
function parseRecord(text: string, id: string): SnapshotRecord {
  const record = JSON.parse(text) as SnapshotRecord;
  const sound =
    record.formatVersion === 1 &&
    record.id === id &&
    [record.name, record.note, record.takenAt].every(isText) &&
    [record.parent, record.automatic].every(isTextOrNull) &&
    typeof record.memory === 'boolean' &&
    Array.isArray(record.disks) &&
    record.disks.every(isDisk);
  if (!sound) throw new Error('it is damaged');
  return record;
}

function isText(value: unknown): boolean {
  return typeof value === 'string';
}

function isTextOrNull(value: unknown): boolean {
  return value === null || isText(value);
}

function isDisk({ index, file, format }: SnapshotDisk): boolean {
  return (
    Number.isInteger(index) && index >= 0 && isLayerName(file) && (format === 'qcow2' || format === 'raw')
  );
}

/** A file right in the folder of the disks, as a definition names it. */
export function isLayerName(file: unknown): file is string {
  return typeof file === 'string' && /^disks\/[^/\0]+$/.test(file) && !/^disks\/\.\.?$/.test(file);
}
