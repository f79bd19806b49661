// SPDX-License-Identifier: Apache-2.0
//
// A saved memory on the disk: a folder with the memory itself and what must be known to go on from it. It is made under a
// hidden name and renamed: there or not there. It fits the disks only as they were at that moment, so they are noted.
import { constants, readFileSync, statSync } from 'node:fs';
import { chmod, copyFile, link, mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { PhyllomeError, reasonOf } from '../contract/errors.ts';
import type { Disk, MachineDefinition } from '../contract/machine.ts';
import { machineFiles } from '../contract/paths.ts';
import type { Restore } from '../contract/plan.ts';
import { locate } from '../disk/locate.ts';
import { errorCode, explainNoSpace, sync, writeAtomic } from '../host/files.ts';
import { stampOf, type DiskStamp } from './disk-stamps.ts';
import { requireAble } from './require-able.ts';
import type { Runner } from './runner.ts';
import type { TaskContext } from './tasks.ts';

export const savedFiles = { record: 'saved.json', memory: 'memory' } as const;

export interface SavedRecord extends Omit<Restore, 'file'> {
  formatVersion: 1;
  /** ISO 8601, UTC */
  at: string;
  vmm: MachineDefinition['vmm'];
  version: string;
  accelerator: string;
  /** Of the memory file: one that is shorter was cut off */
  bytes: number;
  /** The hardware that the guest runs on, which may be another than machine.yaml says by now */
  definition: MachineDefinition;
  /** The disks as they were then. Several, when other files came to hold the same: the memory fits any one of them */
  disks: DiskStamp[][];
}

/** Whether a machine has a saved memory; what is in it is not looked at. */
export function hasSaved(directory: string): boolean {
  return statSync(join(directory, machineFiles.saved), { throwIfNoEntry: false })?.isDirectory() === true;
}

/**
 * Writes the memory of a paused machine into a new folder, and what is needed to go on from it. The machine stays paused,
 * and nothing of it writes to a disk before it is resumed. When this fails nothing is left of the folder.
 * @throws PhyllomeError `no-space`, `save-failed`, `verb-unsupported`; the reason of the signal
 */
export async function keepMemory(
  machine: { directory: string; name: string },
  runner: Pick<Runner, 'session' | 'plan' | 'notes'>,
  folder: string,
  { signal, progress }: TaskContext,
): Promise<SavedRecord> {
  const { name, directory } = machine;
  const { plan, notes } = runner;
  const { definition } = notes;
  const session = runner.session();
  requireAble(session, 'memory', runner, name);
  if (plan === null || definition === undefined)
    throw new PhyllomeError('save-failed', {
      name,
      reason: 'nothing is known of how it was started',
      next: 'Stop it and start it again.',
    });
  // The memory holds what the disks are encrypted for, and would lie beside them for everybody to read.
  if (definition.encryption !== undefined)
    throw new PhyllomeError('save-refused', {
      name,
      reason: 'its disks are encrypted, and what is in its memory would be written beside them as it is',
      next: 'Shut it down, or take a snapshot without memory.',
    });
  await using undo = new AsyncDisposableStack();
  await mkdir(folder, { mode: 0o700 });
  undo.defer(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, savedFiles.memory);
  await (await open(file, 'wx', 0o600)).close();
  const saved = await session.memory
    .save(file, {
      signal,
      onProgress: ({ done, total }) => progress('Saving its memory', null, { done, total }),
    })
    .catch((error: unknown) => {
      throw failure(name, error, signal);
    });
  progress('Storing it safely', null);
  const { size } = await stat(file);
  const record: SavedRecord = {
    formatVersion: 1,
    at: new Date().toISOString(),
    vmm: plan.vmm as SavedRecord['vmm'],
    version: plan.version,
    accelerator: plan.accelerator,
    ...saved,
    bytes: size,
    definition,
    disks: [await stampsOf(directory, definition.disks)],
  };
  try {
    await sync(file);
    await writeAtomic(join(folder, savedFiles.record), JSON.stringify(record));
  } catch (error) {
    throw explainNoSpace(error, 'the memory of the guest', folder);
  }
  undo.move();
  return record;
}

/** The saved memory in a folder. @throws PhyllomeError `saved-unusable` */
export function readSaved(folder: string, name: string): SavedRecord {
  const unusable = (reason: string) => new PhyllomeError('saved-unusable', { name, reason });
  try {
    const record = JSON.parse(readFileSync(join(folder, savedFiles.record), 'utf8')) as SavedRecord;
    if (record.formatVersion !== 1) throw unusable('it was saved by a newer version of Phyllome');
    const { size } = statSync(join(folder, savedFiles.memory));
    if (size !== record.bytes)
      throw unusable(`the file of its memory has ${size} bytes and should have ${record.bytes}`);
    return record;
  } catch (error) {
    if (error instanceof PhyllomeError) throw error;
    throw unusable(error instanceof SyntaxError ? 'its record is damaged' : reasonOf(error));
  }
}

/**
 * Puts a saved memory in another place, by hard links where the file system has them: both share the bytes, which nobody
 * changes. The new folder is complete when it is there.
 * @throws PhyllomeError `no-space`
 */
export async function linkSaved(from: string, to: string): Promise<void> {
  const hidden = join(dirname(to), `.${basename(to)}-new`);
  await using undo = new AsyncDisposableStack();
  await rm(hidden, { recursive: true, force: true });
  await mkdir(hidden, { mode: 0o700 });
  undo.defer(() => rm(hidden, { recursive: true, force: true }));
  const memory = join(hidden, savedFiles.memory);
  try {
    await linkOrCopy(join(from, savedFiles.memory), memory);
    // The record is the one thing that differs from place to place.
    await writeAtomic(join(hidden, savedFiles.record), await readFile(join(from, savedFiles.record), 'utf8'));
  } catch (error) {
    throw explainNoSpace(error, 'the memory of the guest', dirname(to));
  }
  await rename(hidden, to);
  await sync(dirname(to));
}

/**
 * Says that these disks hold what the disks of a saved memory held, e.g. because they are new and empty heads over them.
 * Those that were said before still fit, so this comes before machine.yaml names the new ones.
 */
export async function expectDisks(
  folder: string,
  machineDirectory: string,
  disks: readonly Disk[],
): Promise<void> {
  const file = join(folder, savedFiles.record);
  const record = JSON.parse(await readFile(file, 'utf8')) as SavedRecord;
  const stamps = await stampsOf(machineDirectory, disks);
  await writeAtomic(file, JSON.stringify({ ...record, disks: [...record.disks, stamps] }));
}

function stampsOf(directory: string, disks: readonly Disk[]): Promise<DiskStamp[]> {
  return Promise.all(disks.map((disk) => stampOf(directory, disk)));
}

async function linkOrCopy(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
  } catch (error) {
    if (!['EXDEV', 'EPERM', 'EMLINK', 'EOPNOTSUPP'].includes(errorCode(error) ?? '')) throw error;
    await copyFile(from, to, constants.COPYFILE_FICLONE);
    await chmod(to, 0o600);
    await sync(to);
  }
}

function failure(name: string, thrown: unknown, signal: AbortSignal): unknown {
  if (signal.aborted) return thrown;
  const error = PhyllomeError.from(thrown);
  if (error.code === 'no-space' || error.code === 'vmm-gone') return error;
  return new PhyllomeError(
    'save-failed',
    { name, reason: error.message, next: 'Shut it down from inside instead.' },
    { cause: thrown },
  );
}

/** Every file of the folder of a disk and of the machine's small state, so that a power cut takes nothing of it. */
export async function syncDisks(
  directory: string,
  { disks }: Pick<MachineDefinition, 'disks'>,
): Promise<void> {
  for (const { file } of disks) await sync(locate(directory, file));
}
