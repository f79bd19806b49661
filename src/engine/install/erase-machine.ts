// SPDX-License-Identifier: Apache-2.0
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { EventBody } from '../../contract/event.ts';
import type { Paths } from '../../contract/paths.ts';
import { leavingPrefix } from '../erase.ts';
import type { Running } from '../running.ts';
import type { Store, StoredMachine } from '../store.ts';

/** Removes a machine that came to nothing, with its logs and without the bin: nobody has put anything into it. */
export function createMachineEraser(parts: {
  paths: Pick<Paths, 'bin' | 'logs'>;
  store: Pick<Store, 'moveTo'>;
  forget: Running['forget'];
  emit: (event: EventBody) => void;
}): (machine: StoredMachine) => Promise<void> {
  const { paths, store, forget, emit } = parts;
  return async (machine) => {
    // One rename takes it out of the list; a killed service leaves a name that the next one removes.
    const leaving = join(paths.bin, leavingPrefix + machine.id);
    await mkdir(paths.bin, { recursive: true, mode: 0o700 });
    await store.moveTo(machine, leaving);
    forget(machine.id);
    await rm(leaving, { recursive: true, force: true });
    await rm(join(paths.logs, machine.id), { recursive: true, force: true });
    emit({ type: 'machine.erased', machineId: machine.id, machineName: machine.name });
  };
}
