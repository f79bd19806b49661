// SPDX-License-Identifier: Apache-2.0
//
// Brings a machine that does not run back to a snapshot. Several files change, so all that is needed is made first, and
// what is to be done is written down; from then on every interruption is followed by going on, until it is done.
import { existsSync, readFileSync } from 'node:fs';
import { rename, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { PhyllomeError, reasonOf } from '../../contract/errors.ts';
import { machineFiles } from '../../contract/paths.ts';
import { createOverlay } from '../../disk/overlay.ts';
import { locate } from '../../disk/locate.ts';
import { errorCode, explainNoSpace, sync, syncTree, writeAtomic } from '../../host/files.ts';
import { changeText } from '../definition-change.ts';
import { readDefinitionText, revisionOf } from '../definition-file.ts';
import { expectDisks, hasSaved, linkSaved } from '../saved-state.ts';
import { idPattern, type StoredMachine } from '../store.ts';
import { headChanges, inspectDisks, nameHeads, writableDisks } from './heads.ts';
import { addLoose } from './loose.ts';
import type { SnapshotParts } from './parts.ts';
import { snapshotFolder, type SnapshotRecord } from './record.ts';
import { copyFolder, makeFolder, smallFolders } from './stage.ts';

interface RevertJournal {
  formatVersion: 1;
  /** The snapshot */
  id: string;
  /** machine.yaml as it will be, with the new heads in it */
  text: string;
}

type Parts = Pick<SnapshotParts, 'store' | 'definitions'>;

/** What the machine gets from the snapshot, until it has it; and what it had. */
export const stagedRevert = (directory: string): string => join(directory, machineFiles.snapshots, '.revert');

const fileOf = (directory: string): string => join(directory, machineFiles.reverting);

/**
 * The caller holds the files of the machine. How it is now is forgotten.
 * @throws PhyllomeError `snapshot-damaged` when files of the snapshot are missing, `no-space`: the machine stays as it is
 */
export async function revert(machine: StoredMachine, record: SnapshotRecord, parts: Parts): Promise<void> {
  const { directory, name } = machine;
  const folder = snapshotFolder(directory, record.id);
  const { text, disks } = await readSnapshot(machine, record, folder);
  const heads = nameHeads(directory, disks);
  const discarded = machine.definition === null ? [] : writableDisks(name, machine.definition);
  await addLoose(directory, [...heads.map(({ next }) => next), ...discarded.map(({ file }) => file)]);
  for (const { old, next } of heads)
    await createOverlay(locate(directory, next), { file: locate(directory, old.file), format: old.format });
  const changed = changeText(text, [{ path: ['name'], value: name }, ...headChanges(heads)]);
  const journal: RevertJournal = { formatVersion: 1, id: record.id, text: changed.text };
  try {
    await stage(directory, journal);
    await writeAtomic(fileOf(directory), JSON.stringify(journal));
    await changeDefinition(machine, journal, parts);
  } catch (error) {
    await undo(directory);
    throw explainNoSpace(error, 'the state of the snapshot', directory);
  }
  await carryOut(machine, journal, parts);
}

/** Finishes what was interrupted. The caller holds the files of the machine. @returns whether there was anything */
export async function finishRevert(machine: StoredMachine, parts: Parts): Promise<boolean> {
  const journal = readJournal(machine.directory);
  if (journal === null) return false;
  await carryOut(machine, journal, parts);
  return true;
}

/** What has to be there. */
async function readSnapshot({ directory, name, id }: StoredMachine, record: SnapshotRecord, folder: string) {
  try {
    const text = readFileSync(join(folder, machineFiles.definition), 'utf8');
    const definition = readDefinitionText(text);
    if (definition.id !== id) throw new Error('it is of another machine');
    // Layers may have been merged since: the record knows by which file each is to be had now.
    await inspectDisks(directory, record.disks);
    return { text, disks: record.disks };
  } catch (error) {
    const reason = `${record.name}: ${reasonOf(error)}`;
    throw new PhyllomeError('snapshot-damaged', { name, reason }, { cause: error });
  }
}

/** Everything that takes space is made before anything changes; after that, little can fail. */
async function stage(directory: string, { id, text }: RevertJournal): Promise<void> {
  const staged = stagedRevert(directory);
  const folder = snapshotFolder(directory, id);
  await rm(staged, { recursive: true, force: true });
  await makeFolder(staged);
  for (const name of smallFolders) await copyFolder(join(folder, name), join(staged, name));
  if (hasSaved(folder)) {
    const memory = join(staged, machineFiles.saved);
    await linkSaved(join(folder, machineFiles.saved), memory);
    // The new heads hold what the disks held when it was saved.
    await expectDisks(memory, directory, readDefinitionText(text).disks);
  }
  await writeFile(join(staged, basename(machineFiles.currentSnapshot)), `${id}\n`, { mode: 0o600 });
  await syncTree(staged);
}

/**
 * The last step that may be refused, and all up to it can be undone. A machine with a memory must not be changed, so its
 * memory lies beside until then.
 */
async function changeDefinition(
  machine: StoredMachine,
  { id, text }: RevertJournal,
  { store, definitions }: Parts,
): Promise<void> {
  const { directory } = machine;
  const staged = stagedRevert(directory);
  const isOfSnapshot =
    hasSaved(snapshotFolder(directory, id)) && !existsSync(join(staged, machineFiles.saved));
  if (hasSaved(directory) && !isOfSnapshot)
    await rename(join(directory, machineFiles.saved), join(staged, leaving(machineFiles.saved)));
  const now = store.text(machine);
  if (now !== text) await definitions.replace(machine, { yaml: text, revision: revisionOf(now) });
}

async function undo(directory: string): Promise<void> {
  const memory = join(stagedRevert(directory), leaving(machineFiles.saved));
  if (existsSync(memory)) await rename(memory, join(directory, machineFiles.saved));
  await rm(fileOf(directory), { force: true });
  await sync(join(directory, machineFiles.snapshots));
  await rm(stagedRevert(directory), { recursive: true, force: true });
}

/** Each step may be done again. */
async function carryOut(machine: StoredMachine, journal: RevertJournal, parts: Parts): Promise<void> {
  const { directory } = machine;
  const staged = stagedRevert(directory);
  const folder = snapshotFolder(directory, journal.id);
  await changeDefinition(machine, journal, parts);
  for (const name of [...smallFolders, machineFiles.saved]) {
    const [target, next, old] = [join(directory, name), join(staged, name), join(staged, leaving(name))];
    // It was done already.
    if (existsSync(join(folder, name)) && !existsSync(next)) continue;
    if (existsSync(target)) {
      await rm(old, { recursive: true, force: true });
      await rename(target, old);
    }
    if (existsSync(next)) await rename(next, target);
  }
  const current = join(staged, basename(machineFiles.currentSnapshot));
  if (existsSync(current)) await rename(current, join(directory, machineFiles.currentSnapshot));
  await sync(directory);
  await rm(fileOf(directory), { force: true });
  await sync(join(directory, machineFiles.snapshots));
  await rm(staged, { recursive: true, force: true });
}

const leaving = (name: string): string => `${name}.old`;

function readJournal(directory: string): RevertJournal | null {
  const file = fileOf(directory);
  try {
    const journal = JSON.parse(readFileSync(file, 'utf8')) as RevertJournal;
    const sound =
      journal.formatVersion === 1 && idPattern.test(journal.id) && typeof journal.text === 'string';
    if (sound && existsSync(snapshotFolder(directory, journal.id))) return journal;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw new PhyllomeError('file-unreadable', { what: 'record of a revert', file, reason: reasonOf(error) });
  }
  throw new PhyllomeError('file-unreadable', { what: 'record of a revert', file, reason: 'it is damaged' });
}
