// SPDX-License-Identifier: Apache-2.0
//
// Holds a machine still for a backup that is off: by keeping everybody from it.
import { inspectImage } from '../../disk/inspect.ts';
import { locate } from '../../disk/locate.ts';
import type { Hold } from '../holds.ts';
import { requireDefinition } from '../running.ts';
import type { Store, StoredMachine } from '../store.ts';
import { imagesOf } from './machine-parts.ts';
import type { StillMachine } from './make-backup.ts';

/** @param hold of its files; released with the result */
export async function stillStopped(
  machine: StoredMachine,
  hold: Hold,
  store: Pick<Store, 'text'>,
  /** Its guest had shut down */
  off: boolean,
): Promise<StillMachine> {
  const { id, name, directory } = machine;
  const definition = requireDefinition(machine);
  const disks = imagesOf(definition).map(({ disk: { file, format } }) => ({
    file: locate(directory, file),
    format,
  }));
  for (const disk of disks) await inspectImage({ ...disk, directory });
  return {
    id,
    name,
    takenAt: new Date(),
    text: store.text(machine),
    definition,
    guest: off ? 'off' : 'running',
    disks,
    parts: [directory],
    [Symbol.asyncDispose]: () => hold.release(),
  };
}
