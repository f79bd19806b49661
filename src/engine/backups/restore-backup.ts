// SPDX-License-Identifier: Apache-2.0
//
// Makes a machine out of a backup. Like every machine it comes into being by one rename, when all of it is on the disk.
import { constants, realpathSync } from 'node:fs';
import { mkdir, open } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import { PhyllomeError } from '../../contract/errors.ts';
import type { MachineDefinition } from '../../contract/machine.ts';
import { copyDisk, measure } from '../../disk/convert.ts';
import { retitled } from '../clones/heading.ts';
import { cloneChanges, type Neighbours } from '../clones/identity.ts';
import { changeText, type Change } from '../definition-change.ts';
import { readDefinitionText } from '../definition-file.ts';
import { requireSpace } from '../free-space.ts';
import type { Store, StoredMachine } from '../store.ts';
import type { TaskContext } from '../tasks.ts';
import type { StoredBackup } from './backup-folder.ts';
import { backupFiles, damaged, type BackupRecord } from './backup-record.ts';
import { copyParts, imagesOf, partsOf } from './machine-parts.ts';
import { syncTree } from '../../host/files.ts';
import { restoredDefinition } from './restored-definition.ts';

export interface Restoring {
  backup: StoredBackup;
  id: string;
  name: string;
  /** It is the machine that was backed up, not another one beside it */
  sameMachine: boolean;
  /** See restored-definition.ts */
  trusted: boolean;
  neighbours: Neighbours;
}

/** What a backup says of its machine, looked at before anything is copied. */
export interface ReadyToRestore extends Restoring {
  record: BackupRecord;
  definition: MachineDefinition;
  text: string;
  /** Where the disks go, and what they are there */
  files: string[];
  formats: ('qcow2' | 'raw')[];
  notes: string[];
}

// As long as the API lets a definition be.
const longestDefinition = 262_144;

/** @throws PhyllomeError `backup-damaged` with the reason */
export async function prepareRestore(restoring: Restoring): Promise<ReadyToRestore> {
  const { backup, id, name, sameMachine, trusted, neighbours } = restoring;
  const { record, problem } = backup;
  if (record === null || problem !== null) throw damaged(backup.id, problem ?? 'it has no backup.json');
  let definition: MachineDefinition;
  let text: string;
  try {
    text = await readPlainText(join(backup.directory, backupFiles.definition));
    definition = readDefinitionText(text);
  } catch (error) {
    throw damaged(backup.id, `machine.yaml: ${PhyllomeError.from(error).message}`, error);
  }
  const images = imagesOf(definition);
  if (definition.id !== record.machine.id || images.length !== record.disks.length)
    throw damaged(backup.id, 'machine.yaml and backup.json do not belong together');
  const restored = restoredDefinition(definition, trusted);
  if (restored.problem !== null) throw damaged(backup.id, restored.problem);
  const identity = sameMachine
    ? renamed(definition, name)
    : cloneChanges(definition, { id, name }, neighbours);
  // What makes backups of the one would make backups of the other, too.
  const schedule: Change[] = sameMachine || definition.schedule === undefined ? [] : [{ path: ['schedule'] }];
  const changed = changeText(sameMachine ? text : retitled(text, definition.name, name), [
    ...restored.changes,
    ...identity.changes,
    ...schedule,
  ]);
  return {
    ...restoring,
    ...changed,
    formats: images.map(({ disk }) => disk.format),
    record,
    files: restored.files,
    notes: [...restored.notes, ...identity.notes],
  };
}

const renamed = (definition: MachineDefinition, name: string): { changes: Change[]; notes: string[] } => ({
  changes: definition.name === name ? [] : [{ path: ['name'], value: name }],
  notes: [],
});

/** @throws PhyllomeError `no-space`, `name-taken`, `tool-missing`, `file-unreadable`; the reason of the signal */
export async function restoreBackup(
  { backup, id, name, record, definition, text, files, formats }: ReadyToRestore,
  store: Store,
  machines: string,
  { signal, progress }: TaskContext,
): Promise<StoredMachine> {
  await using stage = await store.stage(id);
  const { directory } = stage;
  const sources = record.disks.map(({ image }) => ({
    file: join(backup.directory, image),
    format: 'qcow2' as const,
  }));
  const sizes = await Promise.all(sources.map(async (source) => (await measure(source)).needed));
  await requireSpace(
    machines,
    sizes.reduce((sum, bytes) => sum + bytes, 0),
    `the machine ${name}`,
  );
  for (const [index, file] of files.entries()) {
    const target = join(directory, file);
    const step = `Restoring ${file}`;
    progress(step, 0);
    await mkdir(dirname(target), { recursive: true, mode: 0o700 });
    await copyDisk({
      source: sources[index] as { file: string; format: 'qcow2' },
      target,
      format: formats[index] ?? 'qcow2',
      grownTo: null,
      signal,
      onProgress: (fraction) => progress(step, fraction),
    });
  }
  progress('Storing it safely', null);
  const real = realpathSync(backup.directory) + sep;
  const parts = partsOf(definition).filter(
    (part) => record.files.includes(part) && realPart(backup.directory, part).startsWith(real),
  );
  await copyParts(parts, [backup.directory], directory);
  await syncTree(directory);
  signal.throwIfAborted();
  store.requireFreeName(name);
  if (store.list().some((machine) => machine.id === id)) throw new PhyllomeError('name-taken', { name: id });
  return await stage.commit(text);
}

/** Where a part of a backup really is: a link on the way could lead anywhere. */
function realPart(directory: string, part: string): string {
  try {
    return realpathSync(join(directory, part));
  } catch {
    // Not there: it is not copied.
    return '';
  }
}

async function readPlainText(file: string): Promise<string> {
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  await using handle = await open(file, flags);
  const { size } = await handle.stat();
  if (size > longestDefinition) throw new Error('it is impossibly large');
  return await handle.readFile('utf8');
}
