// SPDX-License-Identifier: Apache-2.0
//
// Whether a disk is what an operation can work on. Asked before any tool opens an image: tools believe every header.
import { lstat } from 'node:fs/promises';
import { isAbsolute } from 'node:path';
import { isBlockDevice } from '../../contract/block-device.ts';
import { PhyllomeError } from '../../contract/errors.ts';
import { inspectImage, type InspectedImage } from '../../disk/inspect.ts';
import type { StoredMachine } from '../store.ts';
import type { FoundDisk } from './find-disk.ts';
import { underWay, whoNeeds } from './needed.ts';

/** The images of a disk, topmost first. */
export type Chain = [InspectedImage, ...InspectedImage[]];

/** What is fine for some work: damage that is looked for, and a key that the VMM has. */
export interface Accepted {
  damaged?: boolean;
  encrypted?: boolean;
}

/**
 * @param verb completes "The disk cannot ..."
 * @throws PhyllomeError `disk-refused` for a device and for what is encrypted; what `inspectImage` throws
 */
export async function inspectDisk(
  { directory }: StoredMachine,
  { disk, path }: FoundDisk,
  verb: string,
  { damaged = false, encrypted = false }: Accepted = {},
): Promise<Chain> {
  if (isBlockDevice(disk.file))
    throw refused(disk.file, verb, 'it is a whole device of this PC', 'Use the tools of this PC for it.');
  const chain: InspectedImage[] = [];
  await inspectImage({
    file: path,
    format: disk.format,
    directory,
    damaged,
    onImage: (image) => void chain.push(image),
  });
  if (!encrypted && chain.some(({ header }) => header?.encrypted === true))
    throw refused(
      disk.file,
      verb,
      'it is encrypted, and this would need its key',
      'Decrypt the machine first ("phyllome decrypt"), and encrypt it again afterwards.',
    );
  return chain as Chain;
}

/**
 * A head that may be exchanged for another file: nothing rests on it, and nothing would be lost that the guest does not see.
 * @throws PhyllomeError `disk-refused`
 */
export async function requireOwnHead(
  machine: StoredMachine,
  { disk, path }: FoundDisk,
  [head]: Chain,
  others: readonly StoredMachine[],
  verb: string,
): Promise<void> {
  const { file } = disk;
  // Work that was interrupted may have been about this head; what it holds stays the same.
  const users = (await whoNeeds(machine, others, file))(path).filter((words) => words !== underWay);
  if (users.length > 0)
    throw refused(file, verb, `${users.join(' and ')} needs it as it is`, 'Make a clone, and do it there.');
  if (head.dataFile !== null)
    throw refused(file, verb, 'it keeps its content in another file', 'Export it, and add the copy.');
  const snapshots = head.header?.snapshots ?? 0;
  if (snapshots > 0)
    throw refused(
      file,
      verb,
      `it keeps ${snapshots} snapshot(s) inside, which would be lost`,
      `Remove them if you no longer need them: qemu-img snapshot -d NAME "${file}".`,
    );
}

/** A file with a second name is somebody else's, too. @throws PhyllomeError `disk-refused` */
export async function requireOwnFile({ disk, path }: FoundDisk, verb: string): Promise<void> {
  const { nlink } = await lstat(path);
  if (nlink <= 1) return;
  const reason = `${nlink - 1} other file(s) share its content (hard links), as layers of clones do`;
  const next = isAbsolute(disk.file)
    ? 'Make a copy of it first.'
    : 'Take a snapshot first: the machine then writes to a file of its own.';
  throw refused(disk.file, verb, reason, next);
}

export function refused(file: string, verb: string, reason: string, next: string): PhyllomeError {
  return new PhyllomeError('disk-refused', { file, verb, reason, next });
}
