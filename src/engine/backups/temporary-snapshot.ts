// SPDX-License-Identifier: Apache-2.0
//
// Holds a machine that runs still for a backup: by a snapshot that is taken for this and removed afterwards. What its guest
// writes from then on goes elsewhere.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { machineFiles } from '../../contract/paths.ts';
import { PhyllomeError } from '../../contract/errors.ts';
import { inspectImage } from '../../disk/inspect.ts';
import { locate } from '../../disk/locate.ts';
import { readDefinitionText } from '../definition-file.ts';
import type { Holds } from '../holds.ts';
import { snapshotFolder } from '../snapshots/record.ts';
import type { Snapshots } from '../snapshots/create-snapshots.ts';
import type { Store, StoredMachine } from '../store.ts';
import type { TaskContext } from '../tasks.ts';
import { requireFewLayers } from './few-layers.ts';
import { imagesOf } from './machine-parts.ts';
import type { StillMachine } from './make-backup.ts';

/** Marks a snapshot that is there for a backup only. */
export const forBackup = 'backup';

export interface TemporarySnapshotParts {
  holds: Pick<Holds, 'take'>;
  store: Pick<Store, 'find' | 'list'>;
  snapshots: Pick<Snapshots, 'takeNow' | 'removeNow' | 'records'>;
  warn: (machine: StoredMachine, text: string) => void;
}

/** @throws PhyllomeError `verb-unsupported` where the VMM has no snapshots, `machine-state`, ... */
export async function stillRunning(
  machine: StoredMachine,
  parts: TemporarySnapshotParts,
  context: TaskContext,
): Promise<StillMachine> {
  const { id, name } = machine;
  const wish = { name: 'For a backup', note: '', memory: false, automatic: forBackup };
  context.progress('Holding its disks still', null);
  await requireFewLayers(machine);
  const { id: snapshot } = await parts.snapshots.takeNow(machine, wish, context);
  await using undo = new AsyncDisposableStack();
  undo.defer(() => remove(id, snapshot, parts));
  // Nobody merges its layers while they are read.
  undo.use(parts.holds.take(parts.store.find(id), 'be backed up', 'being backed up'));
  const { directory } = parts.store.find(id);
  // What the layers are called may have changed before it was held.
  const record = (await parts.snapshots.records(parts.store.find(id))).find((one) => one.id === snapshot);
  if (record === undefined) throw new PhyllomeError('snapshot-not-found', { name, ref: wish.name });
  const folder = snapshotFolder(directory, snapshot);
  const text = await readFile(join(folder, machineFiles.definition), 'utf8');
  const definition = readDefinitionText(text);
  const disks = imagesOf(definition).map(({ index, disk }) => {
    const { file, format } = record.disks.find((saved) => saved.index === index) ?? disk;
    return { file: locate(directory, file), format };
  });
  for (const disk of disks) await inspectImage({ ...disk, directory });
  const ending = undo.move();
  return {
    id,
    name,
    takenAt: new Date(record.takenAt),
    text,
    definition,
    guest: 'running',
    disks,
    parts: [folder, directory],
    [Symbol.asyncDispose]: () => ending.disposeAsync(),
  };
}

/** Removes what backups left that were cut off with their service. To be called before there is any other. Never throws */
export async function removeTemporarySnapshots(parts: TemporarySnapshotParts): Promise<void> {
  for (const machine of parts.store.list()) {
    try {
      for (const { id, automatic } of await parts.snapshots.records(machine))
        if (automatic === forBackup) await remove(machine.id, id, parts);
    } catch (error) {
      parts.warn(machine, `Its snapshots cannot be read: ${PhyllomeError.from(error).message}`);
    }
  }
}

/** One that cannot be removed now costs space and nothing else: the next start of the service tries again. */
async function remove(
  machineId: string,
  snapshot: string,
  { store, snapshots, warn }: TemporarySnapshotParts,
): Promise<void> {
  const machine = store.list().find(({ id }) => id === machineId);
  if (machine === undefined) return;
  try {
    await snapshots.removeNow(machine, snapshot);
  } catch (error) {
    const { message } = PhyllomeError.from(error);
    warn(machine, `The snapshot that was taken for a backup is still there: ${message}`);
  }
}
