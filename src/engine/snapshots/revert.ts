// SPDX-License-Identifier: Apache-2.0
//
// Brings a machine that does not run back to a snapshot. Several files change, so what is to be done is written down first;
// from then on every interruption is followed by doing it again from the start, until it is done.
import { existsSync, readFileSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { PhyllomeError, reasonOf } from '../../contract/errors.ts';
import { machineFiles } from '../../contract/paths.ts';
import { createOverlay } from '../../disk/overlay.ts';
import { locate } from '../../disk/locate.ts';
import { errorCode, explainNoSpace, sync, writeAtomic } from '../../host/files.ts';
import { changeText } from '../definition-change.ts';
import { readDefinitionText, revisionOf } from '../definition-file.ts';
import { expectDisks, linkSaved } from '../saved-state.ts';
import { idPattern, type StoredMachine } from '../store.ts';
import { headChanges, inspectDisks, nameHeads, writableDisks } from './heads.ts';
import { addLoose } from './loose.ts';
import type { SnapshotParts } from './parts.ts';
import { snapshotFolder, type SnapshotRecord } from './record.ts';
import { copyFolder, smallFolders, syncAll, writeCurrent } from './stage.ts';

interface RevertJournal {
  formatVersion: 1;
  /** The snapshot */
  id: string;
  /** machine.yaml as it will be, with the new heads in it */
  text: string;
}

type Parts = Pick<SnapshotParts, 'store' | 'definitions'>;

const fileOf = (directory: string): string => join(directory, machineFiles.reverting);

/**
 * The caller holds the files of the machine. How it is now is forgotten.
 * @throws PhyllomeError `snapshot-damaged` when files of the snapshot are missing: the machine stays as it is
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
  await writeAtomic(fileOf(directory), JSON.stringify(journal));
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

async function carryOut(
  machine: StoredMachine,
  { id, text }: RevertJournal,
  { store, definitions }: Parts,
): Promise<void> {
  const { directory } = machine;
  const folder = snapshotFolder(directory, id);
  try {
    for (const name of smallFolders) await replaceFolder(join(directory, name), join(folder, name));
    // Without a memory the definition may change; the one of the snapshot fits what the definition is then.
    const saved = join(directory, machineFiles.saved);
    await removeFolder(saved);
    await rm(`${saved}.next`, { recursive: true, force: true });
    const now = store.text(machine);
    if (now !== text) await definitions.replace(machine, { yaml: text, revision: revisionOf(now) });
    const memory = join(folder, machineFiles.saved);
    if (existsSync(memory)) {
      await linkSaved(memory, `${saved}.next`);
      // The new heads hold what the disks held when it was saved.
      await expectDisks(`${saved}.next`, directory, readDefinitionText(text).disks);
      await rename(`${saved}.next`, saved);
    }
    await writeCurrent(directory, id);
    await rm(fileOf(directory), { force: true });
    await sync(join(directory, machineFiles.snapshots));
  } catch (error) {
    throw explainNoSpace(error, 'the state of the snapshot', directory);
  }
}

/** The folder is then like the one of the snapshot, or gone as there. */
async function replaceFolder(target: string, source: string): Promise<void> {
  const next = `${target}.next`;
  await rm(next, { recursive: true, force: true });
  if (existsSync(source)) {
    await copyFolder(source, next);
    await syncAll(next);
  }
  await removeFolder(target);
  if (existsSync(next)) await rename(next, target);
}

/** In one step. */
async function removeFolder(target: string): Promise<void> {
  const old = `${target}.old`;
  await rm(old, { recursive: true, force: true });
  if (existsSync(target)) await rename(target, old);
  await rm(old, { recursive: true, force: true });
}

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
