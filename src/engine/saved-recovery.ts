// SPDX-License-Identifier: Apache-2.0
//
// A saved memory is used once: before its guest goes on, the folder loses its name. What a kill leaves is put in order here.
// Every step of saving and of resuming leaves one of these: a machine that runs and has no saved memory; one that does not
// run and has one; or one of both, and then notes of the run say which of the two counts.
import { existsSync, statSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { MachineDefinition } from '../contract/machine.ts';
import { machineFiles } from '../contract/paths.ts';
import { sync } from '../host/files.ts';
import { matchStamps } from './disk-stamps.ts';
import type { Runner } from './runner.ts';
import { hasSaved, readSaved, savedFiles } from './saved-state.ts';

interface Folder {
  directory: string;
  name: string;
  definition: MachineDefinition | null;
}

const inUse = (directory: string): string => join(directory, '.saved-used');
/** Where a memory is while it is being saved. */
export const savingFolder = (directory: string): string => join(directory, '.saving');

/** What a machine is said to be that has a saved memory. */
export function savedDetails(directory: string): { since: string; bytes: number } {
  const folder = join(directory, machineFiles.saved);
  const memory = statSync(join(folder, savedFiles.memory), { throwIfNoEntry: false });
  // st_blocks counts units of 512 bytes whatever the file system's block size is.
  const bytes = (memory?.blocks ?? 0) * 512;
  const since = (memory ?? statSync(folder)).mtime.toISOString();
  return { since, bytes };
}

/** Gives a memory that was made its name, for good: from here on the machine is saved. */
export async function commitSaved(directory: string): Promise<void> {
  await rename(savingFolder(directory), join(directory, machineFiles.saved));
  await sync(directory);
}

/** From here on nobody else can go on from this memory. */
export async function useSaved(directory: string): Promise<void> {
  if (!hasSaved(directory)) return;
  await rm(inUse(directory), { recursive: true, force: true });
  await rename(join(directory, machineFiles.saved), inUse(directory));
  await sync(directory);
}

/** The guest has gone on: what it went on from is worth nothing any more. */
export function removeUsed(directory: string): Promise<void> {
  return rm(inUse(directory), { recursive: true, force: true });
}

/** Throws a saved memory away. */
export async function discardSaved(directory: string): Promise<void> {
  await useSaved(directory);
  await removeUsed(directory);
}

/**
 * Puts the folder of a machine in order that does not run. A memory that was taken into use goes back to its name as long
 * as nobody has written to the disks since: its guest either did not go on, or did nothing that would be lost.
 */
export async function recoverSaved({ directory, name, definition }: Folder): Promise<void> {
  for (const left of [savingFolder(directory), join(directory, `.${machineFiles.saved}-new`)])
    await rm(left, { recursive: true, force: true });
  const used = inUse(directory);
  if (!existsSync(used)) return;
  // Without a definition that can be read nobody knows its disks.
  if (definition === null) return;
  const fits = !hasSaved(directory) && (await stillFits(used, { directory, name, definition }));
  if (!fits) return removeUsed(directory);
  await rename(used, join(directory, machineFiles.saved));
  await sync(directory);
}

async function stillFits(
  used: string,
  { directory, name, definition }: Folder & { definition: MachineDefinition },
): Promise<boolean> {
  try {
    const found = await matchStamps(directory, definition.disks, readSaved(used, name).disks);
    return typeof found !== 'string';
  } catch {
    // A memory that cannot be read is none; whoever deletes files of it by hand knows why.
    return false;
  }
}

/** Brings to its end what an earlier service was doing with a machine that lives. Its control channel answers. */
export async function settleLiving(
  { directory }: Pick<Folder, 'directory'>,
  runner: Pick<Runner, 'session' | 'notes' | 'note' | 'state' | 'happened' | 'endSaved'>,
): Promise<void> {
  const { saving, resuming } = runner.notes;
  if (saving == null && resuming !== true && !hasSaved(directory)) return;
  const session = runner.session();
  const goOn = async (): Promise<void> => {
    if (runner.state.name !== 'paused') return;
    await session.resume();
    runner.happened('resumed');
  };
  if (resuming === true) {
    // Its memory was read, or it would not be remembered.
    await useSaved(directory);
    await goOn();
    await removeUsed(directory);
    await runner.note({ resuming: false });
  } else if (hasSaved(directory) && (await session.memory?.isSaved()) === true) {
    await runner.endSaved(savedDetails(directory));
  } else if (saving != null) {
    await session.memory?.cancel();
    await rm(savingFolder(directory), { recursive: true, force: true });
    if (saving.wasRunning) await goOn();
    await runner.note({ saving: null });
  }
}
