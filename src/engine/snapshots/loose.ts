// SPDX-License-Identifier: Apache-2.0
//
// Layers that lost their reason to be there: of a snapshot that was deleted, or a head that was discarded. They are written
// down before the reason goes, so that a kill leaves no file behind that nobody knows. Only files named here are ever
// removed or merged.
import { readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { PhyllomeError, reasonOf } from '../../contract/errors.ts';
import { machineFiles } from '../../contract/paths.ts';
import { errorCode, writeAtomic } from '../../host/files.ts';
import { isLayerName, type SnapshotDisk } from './record.ts';

type Layer = Pick<SnapshotDisk, 'file' | 'format'>;

export interface Loose {
  /** As definitions name them: disks/NAME */
  files: string[];
  /** All that `child` shows has been written into `base`, which is taking its place */
  merging: { base: Layer; child: Layer } | null;
}

const fileOf = (directory: string): string => join(directory, machineFiles.looseLayers);

/** @throws PhyllomeError `file-unreadable` for what is none of ours */
export function readLoose(directory: string): Loose {
  const file = fileOf(directory);
  try {
    const loose = JSON.parse(readFileSync(file, 'utf8')) as Loose;
    const sound =
      Array.isArray(loose.files) &&
      loose.files.every(isLayerName) &&
      (loose.merging === null || isPair(loose.merging));
    if (sound) return loose;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return { files: [], merging: null };
    throw unreadable(file, reasonOf(error));
  }
  throw unreadable(file, 'it is damaged');
}

export async function writeLoose(directory: string, loose: Loose): Promise<void> {
  const file = fileOf(directory);
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  await writeAtomic(file, JSON.stringify({ ...loose, files: [...new Set(loose.files)] }));
}

export async function addLoose(directory: string, files: readonly string[]): Promise<void> {
  const loose = readLoose(directory);
  await writeLoose(directory, { ...loose, files: [...loose.files, ...files] });
}

function isPair({ base, child }: NonNullable<Loose['merging']>): boolean {
  return [base, child].every(
    ({ file, format }) => isLayerName(file) && (format === 'qcow2' || format === 'raw'),
  );
}

function unreadable(file: string, reason: string): PhyllomeError {
  return new PhyllomeError('file-unreadable', { what: 'list of layers', file, reason });
}
