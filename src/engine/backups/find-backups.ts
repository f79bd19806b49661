// SPDX-License-Identifier: Apache-2.0
//
// Where the backups of a machine are: in the folder that its definition names, in one that is named now, or, when it is
// gone, in one of those that other machines use.
import { namesIn } from '../../host/files.ts';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { PhyllomeError } from '../../contract/errors.ts';
import type { MachineDefinition } from '../../contract/machine.ts';
import { idPattern, type StoredMachine } from '../store.ts';
import { readBackups, requireFolder, type StoredBackup } from './backup-folder.ts';

export interface BackupPlace {
  /** The folder of all backups */
  folder: string;
  /** The one of this machine in it */
  directory: string;
  machineId: string;
  /** As people know it */
  name: string;
  /** A machine of this PC keeps its backups in the folder */
  known: boolean;
}

export interface Machines {
  listed: readonly StoredMachine[];
  deleted: readonly StoredMachine[];
}

export const folderOf = (definition: MachineDefinition | null): string | null =>
  definition?.schedule?.backups?.folder ?? null;

/**
 * @param ref name or id of a machine, of this PC or in the folder
 * @param folder left out: that of the machine
 * @throws PhyllomeError `backup-folder-none`, `backup-folder-refused`, `machine-not-found`, `machine-ambiguous`
 */
export async function findBackups(
  ref: string,
  folder: string | undefined,
  { listed, deleted }: Machines,
): Promise<BackupPlace> {
  const all = [...listed, ...deleted];
  const folders = new Set(all.map(({ definition }) => folderOf(definition)).filter((one) => one !== null));
  const place = (where: string, machineId: string, name: string): BackupPlace => ({
    folder: where,
    directory: join(where, machineId),
    machineId,
    name,
    known: folders.has(where),
  });
  const wanted = ref.normalize('NFC');
  let own: BackupPlace | null = null;
  // One that is listed is meant before one in the bin.
  for (const candidates of [listed, deleted]) {
    const [machine, ...others] = candidates.filter(({ id, name }) => id === ref || name === wanted);
    if (machine === undefined) continue;
    if (others.length > 0)
      throw new PhyllomeError('machine-ambiguous', {
        ref,
        matches: [machine, ...others].map(({ id }) => id),
      });
    const where = folder ?? folderOf(machine.definition);
    if (where === null) throw new PhyllomeError('backup-folder-none', { name: machine.name });
    await requireFolder(where);
    own ??= place(where, machine.id, machine.name);
    if (folder === undefined || (await isFolder(own.directory))) return own;
  }
  // Gone, or of another PC: it is known by what its newest backup says.
  const matches: BackupPlace[] = [];
  for (const where of folder === undefined ? folders : [folder]) {
    if (folder !== undefined) await requireFolder(where);
    for (const { machineId, name } of await machinesIn(where))
      if (machineId === ref || name === wanted) matches.push(place(where, machineId, name));
  }
  const [match, ...others] = matches;
  // It has none there yet.
  if (match === undefined && own !== null) return own;
  if (match === undefined) throw new PhyllomeError('machine-not-found', { ref });
  if (others.length > 0)
    throw new PhyllomeError('machine-ambiguous', { ref, matches: matches.map(({ machineId }) => machineId) });
  return match;
}

/** The machines that have backups in a folder; none when it is not there. */
export async function machinesIn(
  folder: string,
): Promise<{ machineId: string; name: string; backups: StoredBackup[] }[]> {
  const found = [];
  for (const machineId of (await namesIn(folder)).filter((name) => idPattern.test(name)).toSorted()) {
    if (!(await isFolder(join(folder, machineId)))) continue;
    const backups = await readBackups(join(folder, machineId));
    const name = backups.findLast(({ record }) => record !== null)?.record?.machine.name ?? machineId;
    if (backups.length > 0) found.push({ machineId, name, backups });
  }
  return found;
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null))?.isDirectory() ?? false;
}

/** @throws PhyllomeError `backup-not-found` */
export async function findBackup(
  { directory, folder, name }: BackupPlace,
  id?: string,
): Promise<StoredBackup> {
  const all = await readBackups(directory);
  const backup =
    id === undefined ? all.findLast(({ problem }) => problem === null) : all.find((one) => one.id === id);
  if (backup === undefined) throw new PhyllomeError('backup-not-found', { id: id ?? '', name, folder });
  return backup;
}
