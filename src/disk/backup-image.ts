// SPDX-License-Identifier: Apache-2.0
//
// The images of backups: qcow2 files that rest on each other, one a backup. What a guest saw at that time is in the
// whole of such a chain, so every step here leaves each image showing the same, at every moment.
import { open, rename } from 'node:fs/promises';
import { dirname, relative } from 'node:path';
import { sync } from '../host/files.ts';
import { qcow2Options } from './create.ts';
import { commitDown, type ImageFile } from './overlay.ts';
import { openRegularFile } from './regular-file.ts';
import { headerLength, readQcow2Header, type Qcow2Header } from './qcow2-header.ts';
import { percentIn } from './convert.ts';
import { runQemuImg } from './qemu-img.ts';
import { readSome } from './read-some.ts';
import { PhyllomeError, reasonOf } from '../contract/errors.ts';

const what = 'backup of the disk';

export interface Difference {
  /** What is backed up; nobody writes to it meanwhile */
  source: ImageFile;
  /** Image of the backup before. Beside `target`: it is named from there */
  previous: string;
  /** Absolute path of the new image; must not exist */
  target: string;
  signal: AbortSignal;
  onProgress: (fraction: number) => void;
}

/**
 * Makes an image that holds only what differs between two others, and rests on the older one.
 *
 * It begins as an empty image over the source. Moving that onto the older one makes qemu-img compare the two, piece by
 * piece, and write down what differs: right whatever happened to the source, and bounded by how fast both can be read.
 * @throws PhyllomeError `no-space`, `tool-missing`, `file-unreadable`; the reason of the signal
 */
export async function writeDifference(difference: Difference): Promise<void> {
  const { source, previous, target, signal, onProgress } = difference;
  // Made first and by us, so that nobody else can read it at any moment.
  await (await open(target, 'wx', 0o600)).close();
  const over = ['-b', source.file, '-F', source.format];
  await runQemuImg(['create', '-q', '-f', 'qcow2', '-o', qcow2Options, ...over, target], what, target, {
    signal,
  });
  const onto = ['-b', relative(dirname(target), previous), '-F', 'qcow2'];
  await runQemuImg(['rebase', '-p', '-f', 'qcow2', ...onto, target], what, target, {
    signal,
    onOutput: percentIn(onProgress),
  });
}

/**
 * Takes an image out of a chain: its content goes to the only image that rests on it, by writing that one into it and
 * letting it take the place of that one. Costs what the upper image holds, not what the lower one does. The lower image
 * no longer shows what it did from the first moment on: nobody may want it any more.
 *
 * Killed before the rename, the upper image is as it was, and all can be done again; after it, nothing is left to do.
 * @throws PhyllomeError `no-space`, `tool-missing`, `disk-in-use`, `file-unreadable`; the reason of the signal
 */
export async function absorbLower(lower: string, upper: string, signal?: AbortSignal): Promise<void> {
  await commitDown({ file: upper, format: 'qcow2' }, signal === undefined ? {} : { signal });
  await sync(lower);
  await rename(lower, upper);
  await sync(dirname(upper));
  await sync(dirname(lower));
}

/**
 * What the header of a backup's image says.
 * @throws PhyllomeError `disk-damaged`, `file-unreadable`, `file-missing`
 */
export async function readImageHeader(file: string): Promise<Qcow2Header> {
  await using handle = await openRegularFile('disk', file, (_, error) =>
    (error as NodeJS.ErrnoException).code === 'ENOENT'
      ? new PhyllomeError('file-missing', { what: 'disk', file }, { cause: error })
      : new PhyllomeError(
          'file-unreadable',
          { what: 'disk', file, reason: reasonOf(error) },
          { cause: error },
        ),
  );
  const { size } = await handle.stat();
  const bytes = await readSome(handle, 0, headerLength);
  if (bytes.toString('latin1', 0, 4) !== 'QFI\xfb')
    throw new PhyllomeError('disk-damaged', { file, reason: 'it is no qcow2 image' });
  const header = readQcow2Header(bytes, size);
  if (typeof header === 'string') throw new PhyllomeError('disk-damaged', { file, reason: header });
  return header;
}

/** Lets qemu-img look for damage in one image. @returns what is wrong in its words; null: nothing */
export async function checkImage(file: string, signal: AbortSignal): Promise<string | null> {
  try {
    await runQemuImg(['check', '-q', '-f', 'qcow2', file], what, file, { signal });
    return null;
  } catch (error) {
    if (signal.aborted || !(error instanceof PhyllomeError) || error.code !== 'file-unreadable') throw error;
    return String(error.facts['reason']);
  }
}
