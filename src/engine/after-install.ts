// SPDX-License-Identifier: Apache-2.0
//
// Takes an installation medium out of its drive once a system was installed from it ("detach: after-install").
import { basename } from 'node:path';
import type { EventBody } from '../contract/event.ts';
import type { MachineDefinition } from '../contract/machine.ts';
import { readDiskTrace } from '../disk/boot-loader.ts';
import { openGuestBytes } from '../disk/guest-bytes.ts';
import { locate } from '../disk/locate.ts';
import type { DefinitionEditor } from './definition-editor.ts';
import { wasInstalled, type DiskState } from './installed.ts';
import type { Runner } from './runner.ts';
import type { Store, StoredMachine } from './store.ts';

/** The guest begins anew, or has powered off and its VMM is about to end. */
export type Rest = 'reset' | 'shut-down';

export interface AfterInstall {
  /**
   * How the first disk is before a guest can write to it; null when no medium waits to be taken out, or when the disk
   * cannot be understood (then media stay).
   */
  before(definition: MachineDefinition, directory: string): Promise<DiskState | null>;
  /** The same for a machine that runs */
  now(definition: MachineDefinition, directory: string, runner: Runner): Promise<DiskState | null>;
  /** Looks whether a system was installed, and takes the media out if so */
  rested(machineId: string, runner: Runner, rest: Rest): Promise<void>;
}

export interface AfterInstallParts {
  store: Pick<Store, 'list'>;
  definitions: Pick<DefinitionEditor, 'adapt'>;
  emit: (event: EventBody) => void;
}

const now: AfterInstall['now'] = async (definition, directory, runner) => {
  const written = await runner.session().drives?.bytesWritten(0);
  return written == null ? null : diskState(definition, directory, written);
};

export function createAfterInstall({ store, definitions, emit }: AfterInstallParts): AfterInstall {
  const takeOut = async (
    machine: StoredMachine,
    drive: number,
    runner: Runner,
    rest: Rest,
  ): Promise<void> => {
    const file = machine.definition?.removable[drive]?.file ?? '';
    if (rest === 'reset') await runner.session().drives?.eject(drive);
    await definitions.adapt(machine, ({ removable }) =>
      // Somebody may have changed the medium meanwhile: that one stays.
      removable[drive]?.file === file ? [{ path: ['removable', drive, 'file'] }] : [],
    );
    const text = `A system was installed, so ${basename(file)} was taken out of drive ${drive}. "phyllome insert" puts ${file} back.`;
    emit({ type: 'machine.notice', machineId: machine.id, machineName: machine.name, text });
  };

  return {
    before: async (definition, directory) =>
      definition.removable.some(waits) ? diskState(definition, directory, 0) : null,
    now,
    async rested(machineId, runner, rest) {
      const { before, definition: started } = runner.notes;
      if (before == null || started === undefined) return;
      const machine = store.list().find(({ id }) => id === machineId);
      if (machine?.definition == null) return;
      // The definition of now says what is wanted, the one it was started with what is in the drives.
      const drives = machine.definition.removable.flatMap((drive, index) =>
        waits(drive) && drive.file === started.removable[index]?.file ? [index] : [],
      );
      if (drives.length === 0) return;
      const found = await now(started, machine.directory, runner);
      if (found === null || !wasInstalled(before, found)) return;
      for (const drive of drives) await takeOut(machine, drive, runner, rest);
      const removable = started.removable.map(({ file, ...drive }, index) =>
        drives.includes(index) || file === undefined ? drive : { ...drive, file },
      );
      // From here on this is how the disk was: a medium that is put back stays until the next installation.
      await runner.note({ before: found, definition: { ...started, removable } });
    },
  };
}

function waits({ detach, file }: MachineDefinition['removable'][number]): boolean {
  return detach === 'after-install' && file !== undefined;
}

/**
 * Reads the image itself, also while a VMM writes it: good enough for a guess that errs on the side of "no". What the
 * guest did not flush may not be there yet; every installer flushes when it unmounts what it installed.
 */
async function diskState(
  { disks }: MachineDefinition,
  directory: string,
  written: number,
): Promise<DiskState | null> {
  const [disk] = disks;
  if (disk === undefined) return null;
  try {
    await using content = await openGuestBytes(locate(directory, disk.file), disk.format);
    return content === null ? null : { ...(await readDiskTrace(content.read)), written };
  } catch {
    // A table that is being written, a place that does not exist: nothing that could be judged.
    return null;
  }
}
