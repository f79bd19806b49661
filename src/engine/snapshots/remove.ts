// SPDX-License-Identifier: Apache-2.0
//
// Deletes a snapshot, also where no space is left: most people delete one to get some. So the first step takes none, and
// the next one gives back what everything after it writes.
import { readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { PhyllomeError } from '../../contract/errors.ts';
import { machineFiles } from '../../contract/paths.ts';
import { errorCode, namesIn, sync } from '../../host/files.ts';
import type { StoredMachine } from '../store.ts';
import { addLoose } from './loose.ts';
import {
  readRecord,
  readRecords,
  snapshotFiles,
  snapshotFolder,
  writeRecord,
  type SnapshotRecord,
} from './record.ts';
import { readCurrent, writeCurrent } from './stage.ts';

const leavingPrefix = '.gone-';

/**
 * Takes a snapshot out of the tree; what came after it then comes after its parent. Its layers are loose from then on. The
 * caller holds the machine, which may run.
 */
export async function removeSnapshot(
  { directory }: StoredMachine,
  { id }: Pick<SnapshotRecord, 'id'>,
): Promise<void> {
  const snapshots = join(directory, machineFiles.snapshots);
  await rename(snapshotFolder(directory, id), join(snapshots, leavingPrefix + id));
  await sync(snapshots);
  try {
    await finishRemovals(directory);
  } catch (error) {
    // It is deleted. What is left of it goes when its disks are tidied, as soon as there is space for that.
    if (!(error instanceof PhyllomeError) || error.code !== 'no-space') throw error;
  }
}

/** Whether something is left of snapshots that were deleted. */
export async function hasRemovals(directory: string): Promise<boolean> {
  return (await leavingIn(directory)).length > 0;
}

/** Finishes what was interrupted. The caller sees to it that nobody else works on the snapshots. */
export async function finishRemovals(directory: string): Promise<void> {
  for (const name of await leavingIn(directory)) {
    const folder = join(directory, machineFiles.snapshots, name);
    for (const file of await readdir(folder))
      if (file !== snapshotFiles.record) await rm(join(folder, file), { recursive: true, force: true });
    const record = recordIn(folder, name.slice(leavingPrefix.length));
    if (record !== null) await forget(directory, record);
    await rm(folder, { recursive: true, force: true });
  }
}

async function forget(directory: string, { id, parent, disks }: SnapshotRecord): Promise<void> {
  await addLoose(
    directory,
    disks.map(({ file }) => file),
  );
  for (const record of (await readRecords(directory)).records)
    if (record.parent === id) await writeRecord(snapshotFolder(directory, record.id), { ...record, parent });
  if ((await readCurrent(directory)) === id) await writeCurrent(directory, parent);
}

/** null: it went last, so all the rest was done. */
function recordIn(folder: string, id: string): SnapshotRecord | null {
  try {
    return readRecord(folder, id);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  }
}

async function leavingIn(directory: string): Promise<string[]> {
  const names = await namesIn(join(directory, machineFiles.snapshots));
  return names.filter((name) => name.startsWith(leavingPrefix));
}
