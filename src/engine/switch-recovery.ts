// SPDX-License-Identifier: Apache-2.0
//
// What is done with the files of a switch when it has ended, one way or the other. Only files that the record names, and
// that nothing needs, are ever removed.
import { existsSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { machineFiles } from '../contract/paths.ts';
import { imageChain } from '../disk/chain.ts';
import { removeLeftOvers } from '../disk/guest-kernel/extract-kernel.ts';
import { locate } from '../disk/locate.ts';
import { writeAtomic } from '../host/files.ts';
import type { StoredMachine } from './store.ts';
import { readJournal, removeJournal, writeJournal, type SwitchJournal } from './switch-journal.ts';

type Folder = Pick<StoredMachine, 'directory' | 'definition'>;

/**
 * Brings the folder of a machine in order after a switch that was interrupted: the definition of before keeps its disks
 * and loses the copies; the new one keeps all until its first start.
 * @returns the record of a switch whose first start is still to come
 */
export async function recoverSwitch(machine: Folder): Promise<SwitchJournal | null> {
  const journal = readJournal(machine.directory);
  // Without a definition that can be read nobody knows what it needs.
  if (journal === null || machine.definition === null) return journal;
  if (hasHappened(machine, journal)) return journal;
  // Where a disk from before is gone, a copy may be all that is left of it.
  const { directory } = machine;
  if (!journal.originals.every((file) => existsSync(locate(directory, file)))) return journal;
  await removeCopies(machine, journal);
  return journal.previous;
}

/** Whether the definition is the new one. */
function hasHappened({ directory, definition }: Folder, { copies, before }: SwitchJournal): boolean {
  const named = new Set(definition?.disks.map(({ file }) => file));
  if (copies.length > 0) return copies.some((file) => named.has(file));
  return readFileSync(join(directory, machineFiles.definition), 'utf8') !== before;
}

async function removeCopies({ directory, definition }: Folder, journal: SwitchJournal): Promise<void> {
  const named = new Set(definition?.disks.map(({ file }) => file));
  for (const copy of journal.copies) if (!named.has(copy)) await rm(locate(directory, copy), { force: true });
  await removeLeftOvers(join(directory, machineFiles.guestKernel));
  if (journal.previous === null) await removeJournal(directory);
  else await writeJournal(directory, journal.previous);
}

/**
 * The machine was started where it was moved to: what was replaced goes, the way back is kept.
 * @param others every other machine, deleted ones too: their disks may rest on a disk of this one
 */
export async function finishSwitch(machine: Folder, others: () => Promise<readonly Folder[]>): Promise<void> {
  const { directory } = machine;
  const journal = readJournal(directory);
  if (journal === null) return;
  const originals = new Set<string>();
  for (let one: SwitchJournal | null = journal; one !== null; one = one.previous)
    for (const file of one.originals) originals.add(locate(directory, file));
  if (originals.size > 0) {
    const needed = await neededFiles([machine, ...(await others())]);
    for (const file of originals) if (!needed.has(resolve(file))) await rm(file, { force: true });
  }
  // After that there is room for it even on a full disk.
  const before = join(directory, machineFiles.beforeSwitch);
  if (journal.back) await rm(before, { force: true });
  else await writeAtomic(before, journal.before);
  await removeJournal(directory);
}

/** Every disk of the machines, and what it rests on. */
async function neededFiles(machines: readonly Folder[]): Promise<Set<string>> {
  const disks = machines.flatMap(({ directory, definition }) =>
    (definition?.disks ?? []).map(({ file }) => resolve(locate(directory, file))),
  );
  return new Set((await Promise.all(disks.map(imageChain))).flat().map((file) => resolve(file)));
}
