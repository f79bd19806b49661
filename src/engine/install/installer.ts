// SPDX-License-Identifier: Apache-2.0
//
// An installer without a medium, whose questions a person answers: its kernel is in the machine's folder and is started
// until a system is on the first disk. Then it goes, and the machine starts as its definition says.
import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { EventBody } from '../../contract/event.ts';
import { PhyllomeError } from '../../contract/errors.ts';
import { machineFiles } from '../../contract/paths.ts';
import { readDiskTrace } from '../../disk/boot-loader.ts';
import { openGuestBytes } from '../../disk/guest-bytes.ts';
import { locate } from '../../disk/locate.ts';
import type { Running } from '../running.ts';
import type { Store, StoredMachine } from '../store.ts';
import type { InstallerFiles } from './answers-folder.ts';
import { installerFiles } from './once.ts';
import { readInstallRecord, removeInstallRecord, writeInstallRecord } from './record.ts';

/** Puts an installer into the folder of a machine that is being made. */
export async function prepareInstaller(
  directory: string,
  { kernel, initrd, commandLine }: InstallerFiles,
  system: string,
): Promise<void> {
  const folder = join(directory, machineFiles.installer);
  await mkdir(folder, { mode: 0o700 });
  await copyFile(kernel, join(folder, installerFiles.kernel));
  await copyFile(initrd, join(folder, installerFiles.initrd));
  await writeInstallRecord(directory, {
    formatVersion: 1,
    answers: null,
    stage: 'installer',
    commandLine,
    system,
  });
}

export interface ByHand {
  /** The guest of a machine powered off or began anew: nobody cut its power */
  rested(id: string): void;
  /** A machine has stopped. Never throws */
  ended(id: string): Promise<void>;
}

export interface ByHandParts {
  store: Pick<Store, 'list'>;
  running: Pick<Running, 'start'>;
  emit: (event: EventBody) => void;
}

/** Notices that a person has finished an installation, and starts what was installed. */
export function createByHand({ store, running, emit }: ByHandParts): ByHand {
  const resting = new Set<string>();

  const finish = async (machine: StoredMachine): Promise<void> => {
    const record = readInstallRecord(machine.directory);
    if (record === null || record.answers !== null || !(await canStart(machine))) return;
    await removeInstallRecord(machine.directory);
    const text = `${record.system} was installed, so the machine starts from its own disk from now on.`;
    emit({ type: 'machine.notice', machineId: machine.id, machineName: machine.name, text });
    await running.start(machine);
  };

  return {
    rested: (id) => void resting.add(id),
    async ended(id) {
      const machine = store.list().find((listed) => listed.id === id);
      if (!resting.delete(id) || machine === undefined) return;
      try {
        await finish(machine);
      } catch (error) {
        const report = PhyllomeError.from(error).report();
        emit({ type: 'machine.error', machineId: id, machineName: machine.name, error: report });
      }
    },
  };
}

/** Whether the first disk has something that a firmware could start. */
async function canStart({ definition, directory }: StoredMachine): Promise<boolean> {
  const [disk] = definition?.disks ?? [];
  if (disk === undefined) return false;
  await using content = await openGuestBytes(locate(directory, disk.file), disk.format);
  return content !== null && (await readDiskTrace(content.read)).loader !== 'none';
}
