// SPDX-License-Identifier: Apache-2.0
//
// Takes a disk out of a machine. Its file stays, and is listed as unused, until somebody erases it.
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { isBlockDevice } from '../../contract/block-device.ts';
import type { DiskRemoval } from '../../contract/disk.ts';
import { PhyllomeError } from '../../contract/errors.ts';
import { imageChain } from '../../disk/chain.ts';
import { locate } from '../../disk/locate.ts';
import { spaceOf } from '../../disk/space.ts';
import type { StoredMachine } from '../store.ts';
import { settleDiskWork, writeDiskJournal } from './disk-journal.ts';
import { findDisk } from './find-disk.ts';
import { refused } from './fit-image.ts';
import { imagesOf, whoNeeds } from './needed.ts';
import { othersThan, type DiskParts } from './parts.ts';

/**
 * @param ref a disk of the definition, or an unused image in the machine's folder (disks/...)
 * @param erase removes the file, too: it cannot be brought back
 * @throws PhyllomeError `disk-not-found`, `disk-refused`, `machine-state`, ...
 */
export async function removeDisk(
  parts: DiskParts,
  machine: StoredMachine,
  ref: string,
  erase: boolean,
): Promise<DiskRemoval> {
  await using _hold = await parts.holds.takeFiles(machine, 'lose a disk', 'losing a disk');
  const unused = unusedImage(machine, ref);
  if (unused !== null) return eraseUnused(parts, machine, unused, erase);
  const { disk, path } = findDisk(machine, ref);
  const { file } = disk;
  const others = await othersThan(parts, machine);
  const images = new Set(imagesOf(machine.directory));
  // Only what lies in disks/ is ours; one that was taken in place, or a device, belongs to its owner.
  const ours = isBlockDevice(file) ? [] : (await imageChain(path)).filter((image) => images.has(image));
  const { files } = await spaceOf(ours);
  const goes = erase ? ours.map((image) => `disks/${image.slice(image.lastIndexOf('/') + 1)}`) : [];
  if (goes.length > 0) await writeDiskJournal(machine.directory, { made: [], replaced: goes });
  const dropped = await parts.definitions.adapt(machine, ({ disks }) => {
    const index = disks.findIndex((one) => one.file === file);
    return index === -1 ? [] : [{ path: ['disks', index] }];
  });
  const gone = new Set(
    (await settleDiskWork(dropped, async () => others)).map((name) => locate(machine.directory, name)),
  );
  const freed = files.filter((one) => gone.has(one.file)).reduce((total, one) => total + one.freed, 0);
  const erased = gone.has(path);
  return {
    file,
    erased,
    freed,
    kept: erased ? '' : await whyKept(dropped, path, ours.length > 0, erase, others),
  };
}

async function whyKept(
  machine: StoredMachine,
  path: string,
  ours: boolean,
  erase: boolean,
  others: readonly StoredMachine[],
): Promise<string> {
  if (isBlockDevice(path)) return 'It is a device of this PC.';
  if (!existsSync(path)) return 'It did not exist.';
  if (!ours) return "It lies outside of the machine's folder.";
  if (!erase) return 'Nobody asked to erase it.';
  const users = (await whoNeeds(machine, others, null))(path);
  return users.length > 0 ? `${users.join(' and ')} needs it.` : 'It could not be removed.';
}

/** An image in disks/ that is no disk of the definition, as an absolute path. */
function unusedImage({ directory, definition }: StoredMachine, ref: string): string | null {
  const disks = definition?.disks ?? [];
  const named = new Set(disks.map(({ file }) => resolve(locate(directory, file))));
  const path = locate(directory, ref.startsWith('disks/') ? ref : `disks/${ref}`);
  return imagesOf(directory).includes(path) && !named.has(resolve(path)) ? path : null;
}

async function eraseUnused(
  parts: DiskParts,
  machine: StoredMachine,
  path: string,
  erase: boolean,
): Promise<DiskRemoval> {
  const file = `disks/${path.slice(path.lastIndexOf('/') + 1)}`;
  const others = await othersThan(parts, machine);
  const users = (await whoNeeds(machine, others, null))(path);
  if (users.length > 0)
    throw refused(file, 'be removed', `${users.join(' and ')} needs it`, 'Nothing was removed.');
  if (!erase)
    throw new PhyllomeError('disk-refused', {
      file,
      verb: 'be removed',
      reason: 'no machine uses it; all that is left to do is to erase it',
      next: 'Add --erase when you are sure.',
    });
  const { freed } = await spaceOf([path]);
  await writeDiskJournal(machine.directory, { made: [], replaced: [file] });
  const gone = await settleDiskWork(parts.store.find(machine.id), async () => others);
  return { file, erased: gone.includes(file), freed, kept: '' };
}
