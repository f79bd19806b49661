// SPDX-License-Identifier: Apache-2.0
//
// How a disk looked from outside at a moment: enough to tell whether anybody wrote to it since.
import { stat } from 'node:fs/promises';
import type { Disk } from '../contract/machine.ts';
import { locate } from '../disk/locate.ts';
import { errorCode } from '../host/files.ts';

export interface DiskStamp extends Pick<Disk, 'file' | 'format'> {
  size: number;
  /** When it was last written to (ns since 1970); a text, since it is more than a number of JSON holds */
  modified: string;
}

export async function stampOf(
  directory: string,
  { file, format }: Pick<Disk, 'file' | 'format'>,
): Promise<DiskStamp> {
  const { size, mtimeNs } = await stat(locate(directory, file), { bigint: true });
  return { file, format, size: Number(size), modified: String(mtimeNs) };
}

/**
 * The disks that a definition names now, as they were noted.
 * @returns a text that says what differs, when none of the notes fits
 */
export async function matchStamps(
  directory: string,
  disks: readonly Disk[],
  noted: readonly (readonly DiskStamp[])[],
): Promise<readonly DiskStamp[] | string> {
  const named = noted.findLast(
    (stamps) => stamps.length === disks.length && stamps.every(({ file }, at) => file === disks[at]?.file),
  );
  if (named === undefined) return 'its disks are others than those it was saved with';
  for (const stamp of named) {
    const now = await stampOf(directory, stamp).catch(missing);
    if (now === null) return `its disk ${stamp.file} is missing`;
    if (now.size !== stamp.size || now.modified !== stamp.modified)
      return `its disk ${stamp.file} was written to since (or copied without its times)`;
  }
  return named;
}

function missing(error: unknown): null {
  if (errorCode(error) === 'ENOENT') return null;
  throw error;
}
