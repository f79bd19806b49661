// SPDX-License-Identifier: Apache-2.0
import type { StoredMachine } from '../store.ts';
import { addLoose } from './loose.ts';
import { readRecords, snapshotFolder, writeRecord, type SnapshotRecord } from './record.ts';
import { readCurrent, removeFolder, writeCurrent } from './stage.ts';

/**
 * Takes a snapshot out of the tree; what came after it then comes after its parent. Its layers are loose from then on. The
 * caller holds the machine, which may run.
 */
export async function removeSnapshot(
  { directory }: StoredMachine,
  { id, parent, disks }: SnapshotRecord,
): Promise<void> {
  await addLoose(
    directory,
    disks.map(({ file }) => file),
  );
  for (const record of (await readRecords(directory)).records)
    if (record.parent === id) await writeRecord(snapshotFolder(directory, record.id), { ...record, parent });
  if ((await readCurrent(directory)) === id) await writeCurrent(directory, parent);
  await removeFolder(directory, id);
}
