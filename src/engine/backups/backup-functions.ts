// SPDX-License-Identifier: Apache-2.0
//
// Backups and schedules as the engine has them: the operations of the API, and what is done by itself.
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { machineFiles } from '../../contract/paths.ts';
import { locate } from '../../disk/locate.ts';
import { errorCode } from '../../host/files.ts';
import type { Engine } from '../engine.ts';
import type { EventStream } from '../event-stream.ts';
import type { StoredMachine } from '../store.ts';
import { createBackups, type Backups, type BackupsParts } from './create-backups.ts';
import { createScheduler, type Job, type Scheduler } from './scheduler.ts';

export interface BackupFunctionsParts extends BackupsParts {
  events: Pick<EventStream, 'emit' | 'subscribe'>;
  /** Snapshots by schedule; left out: there are none */
  snapshots?: Job;
}

type Functions = Pick<
  Engine,
  'listBackups' | 'makeBackup' | 'verifyBackups' | 'deleteBackup' | 'listBackupFolder' | 'restoreBackup'
>;

export function createBackupFunctions(parts: BackupFunctionsParts): {
  functions: Functions;
  /** Begins with what is due */
  schedule(): Scheduler;
} {
  const backups = createBackups(parts);
  return {
    functions: {
      listBackups: (ref, { folder }) => backups.list(ref, folder),
      makeBackup: (ref, { folder }) => backups.make(ref, folder),
      verifyBackups: (ref, { folder }) => backups.verify(ref, folder),
      deleteBackup: (ref, id, { folder }) => backups.remove(ref, id, folder),
      listBackupFolder: (folder) => backups.listFolder(folder),
      restoreBackup: (request) => backups.restore(request),
    },
    schedule: () =>
      createScheduler({
        jobs: [...(parts.snapshots === undefined ? [] : [parts.snapshots]), backupJob(backups)],
        machines: () => parts.store.list(),
        events: parts.events,
        changedSince: (machine, time) => changedSince(machine, time, parts.running.stateOf(machine.id).name),
      }),
  };
}

const backupJob = (backups: Backups): Job => ({
  what: 'backup',
  wishes: ({ definition }) => definition?.schedule?.backups,
  times: (machine) => backups.times(machine),
  run: (machine, kind) => backups.scheduled(machine, kind),
});

// A snapshot gives a machine new files right after the time that it bears (ms).
const settling = 15_000;

/** Whether a machine runs, or what it is made of was written to since then. */
async function changedSince(
  { directory, definition }: StoredMachine,
  time: Date,
  state: string,
): Promise<boolean> {
  if (definition === null) return false;
  if (state !== 'stopped' && state !== 'crashed' && state !== 'saved') return true;
  const files = [
    ...definition.disks.map(({ file }) => locate(directory, file)),
    join(directory, machineFiles.definition),
  ];
  for (const file of files) if ((await modified(file)) > time.getTime() + settling) return true;
  return false;
}

async function modified(file: string): Promise<number> {
  try {
    return (await stat(file)).mtimeMs;
  } catch (error) {
    // A disk that is missing is said when the machine is backed up or started.
    if (errorCode(error) === 'ENOENT') return Infinity;
    throw error;
  }
}
