// SPDX-License-Identifier: Apache-2.0
//
// Makes a backup from files that nobody changes meanwhile. It grows under a hidden name and gets its own when it is whole
// and on the disk: what is listed is complete, whatever happens.
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ScheduleKind } from '../../contract/backup.ts';
import { PhyllomeError } from '../../contract/errors.ts';
import type { MachineDefinition } from '../../contract/machine.ts';
import { readImageHeader, writeDifference } from '../../disk/backup-image.ts';
import { copyDisk, measure } from '../../disk/convert.ts';
import type { ImageFile } from '../../disk/overlay.ts';
import { errorCode, sync, syncTree } from '../../host/files.ts';
import { requireSpace } from '../free-space.ts';
import type { TaskContext } from '../tasks.ts';
import {
  idOfTime,
  lockBackups,
  makingPrefix,
  readBackups,
  removeHalfMade,
  type StoredBackup,
} from './backup-folder.ts';
import { backupFiles, recordText, type RecordedDisk } from './backup-record.ts';
import { copyParts, imagesOf, partsOf } from './machine-parts.ts';
import { finishRemovals } from './remove-backup.ts';

/** A machine at one moment. Its files stay as they are until it is disposed of. */
export interface StillMachine extends AsyncDisposable {
  id: string;
  name: string;
  takenAt: Date;
  /** Text of machine.yaml at that moment */
  text: string;
  definition: MachineDefinition;
  guest: 'off' | 'running';
  /** The disks that a backup has (`imagesOf`), in that order */
  disks: ImageFile[];
  /** Folders with the other files as they were; what the first one has counts */
  parts: string[];
}

/**
 * @param directory folder of the backups of this machine; made when it is missing
 * @throws PhyllomeError `no-space`, `backup-busy`, `tool-missing`, ...; the reason of the signal
 */
export async function makeBackup(
  still: StillMachine,
  directory: string,
  automatic: ScheduleKind | null,
  { signal, progress }: TaskContext,
): Promise<string> {
  await makeFolder(directory);
  await using _lock = await lockBackups(directory);
  await removeHalfMade(directory);
  await finishRemovals(directory);
  const previous = (await readBackups(directory)).findLast(({ problem }) => problem === null);
  const id = idOfTime(still.takenAt);
  const making = join(directory, makingPrefix + id);
  await using undo = new AsyncDisposableStack();
  // A drive that was pulled out cannot be cleared; the next run does it.
  undo.defer(() => rm(making, { recursive: true, force: true }).catch(() => {}));
  await mkdir(making, { mode: 0o700 });

  const disks: RecordedDisk[] = [];
  for (const [index, { disk }] of imagesOf(still.definition).entries()) {
    const { file, format } = disk;
    const source = still.disks[index] as ImageFile;
    const image = `disk-${index}.qcow2`;
    const step = `Backing up ${file}`;
    const onProgress = (fraction: number): void => progress(step, fraction);
    onProgress(0);
    const copy = { source, target: join(making, image), signal, onProgress };
    const base = previous === undefined ? null : await baseFor(source, previous, image);
    if (base === null) await copyWhole(copy, making);
    else await writeDifference({ ...copy, previous: base });
    const { virtualSize } = await readImageHeader(copy.target);
    disks.push({
      image,
      file,
      format,
      size: virtualSize,
      parent: base === null ? null : (previous?.id ?? null),
    });
  }

  progress('Storing it safely', null);
  const files = await copyParts(partsOf(still.definition), still.parts, making, previous?.directory ?? null);
  await writeFile(join(making, backupFiles.definition), still.text, { mode: 0o600, flag: 'wx' });
  const parent = disks.some((disk) => disk.parent !== null) ? (previous?.id ?? null) : null;
  const record = recordText({
    id,
    machine: { id: still.id, name: still.name },
    takenAt: still.takenAt.toISOString(),
    kind: parent === null ? 'full' : 'incremental',
    parent,
    automatic,
    guest: still.guest,
    disks,
    files,
  });
  await writeFile(join(making, backupFiles.record), record, { mode: 0o600, flag: 'wx' });
  await syncTree(making);
  signal.throwIfAborted();
  await rename(making, join(directory, id));
  await sync(directory);
  undo.move();
  return id;
}

/** Without its parents: a drive that was pulled out just now must not become a folder on another one. */
async function makeFolder(directory: string): Promise<void> {
  try {
    await mkdir(directory, { mode: 0o700 });
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
  }
}

/**
 * The image that the one of a disk can rest on. Which disk it was does not matter for what is restored, only for how much
 * differs: disks keep their order. One that shrank starts anew, so that no image is smaller than the one below it.
 */
async function baseFor(
  source: ImageFile,
  { record, directory }: StoredBackup,
  image: string,
): Promise<string | null> {
  const before = record?.disks.find((disk) => disk.image === image);
  if (before === undefined) return null;
  const { virtualSize } = await measure(source);
  return virtualSize < before.size ? null : join(directory, image);
}

async function copyWhole(
  copy: Omit<Parameters<typeof copyDisk>[0], 'grownTo'>,
  folder: string,
): Promise<void> {
  const { needed } = await measure(copy.source);
  await requireSpace(folder, needed, 'the backup');
  await copyDisk({ ...copy, grownTo: null });
}

/** What went wrong while a backup was made, as one error that says so; those with better words keep them. */
export function backupFailed(name: string, folder: string, thrown: unknown): PhyllomeError {
  const error = PhyllomeError.from(thrown);
  if (error.code !== 'internal-error' || (thrown as NodeJS.ErrnoException).code === undefined) return error;
  return new PhyllomeError(
    'backup-failed',
    { name, folder, reason: error.facts['reason'] as string },
    { cause: thrown },
  );
}
