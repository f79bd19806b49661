// SPDX-License-Identifier: Apache-2.0
//
// The folder of a snapshot while it is being made: nobody lists it until it has its name.
import { constants, existsSync } from 'node:fs';
import { cp, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { machineFiles } from '../../contract/paths.ts';
import { errorCode, explainNoSpace, sync, syncTree, writeAtomic } from '../../host/files.ts';
import { snapshotFolder, writeRecord, type SnapshotRecord } from './record.ts';

export interface StagedSnapshot extends AsyncDisposable {
  folder: string;
  /** Copies what the firmware and the TPM keep, and the text of the definition; all of it is on the disk then */
  fill(record: SnapshotRecord, definition: string): Promise<void>;
  /** Gives it its name */
  commit(): Promise<void>;
}

export const stagePrefix = '.new-';

/** What a machine has besides its disks and its definition. */
export const smallFolders = [machineFiles.firmware, machineFiles.tpm] as const;

export async function stageSnapshot(directory: string, id: string): Promise<StagedSnapshot> {
  const snapshots = join(directory, machineFiles.snapshots);
  const folder = join(snapshots, stagePrefix + id);
  await makeFolder(folder);
  return {
    folder,
    async fill(record, definition) {
      try {
        for (const name of smallFolders) await copyFolder(join(directory, name), join(folder, name));
        await writeFile(join(folder, machineFiles.definition), definition, { mode: 0o600 });
        await writeRecord(folder, record);
        await syncTree(folder);
      } catch (error) {
        throw explainNoSpace(error, 'the snapshot', directory);
      }
    },
    async commit() {
      await rename(folder, snapshotFolder(directory, id));
      await sync(snapshots);
    },
    // After the commit nothing has this name any more.
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

/** Copies a small folder where there is one. Its blocks are shared with the original where the file system can. */
export async function copyFolder(from: string, to: string): Promise<void> {
  if (!existsSync(from)) return;
  await cp(from, to, {
    recursive: true,
    mode: constants.COPYFILE_FICLONE,
    verbatimSymlinks: true,
    filter: isPlain,
  });
}

function isPlain(file: string): boolean {
  return !/\.(sock|lock|pid)$/.test(file);
}

/** @throws PhyllomeError `no-space` */
export async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw explainNoSpace(error, 'the snapshot', folder);
  }
}

const currentOf = (directory: string): string => join(directory, machineFiles.currentSnapshot);

/** The snapshot that a machine goes on from. It only places the next one in the tree: when it is wrong, nothing is lost. */
export async function readCurrent(directory: string): Promise<string | null> {
  try {
    return (await readFile(currentOf(directory), 'utf8')).trim() || null;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  }
}

export async function writeCurrent(directory: string, id: string | null): Promise<void> {
  if (id === null) await rm(currentOf(directory), { force: true });
  else await writeAtomic(currentOf(directory), `${id}\n`);
}
