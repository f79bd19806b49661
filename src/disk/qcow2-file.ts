// SPDX-License-Identifier: Apache-2.0
import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { headerLength, readQcow2Header, type Qcow2Header } from './qcow2-header.ts';
import { readSome } from './read-some.ts';

/**
 * Reads the header of a qcow2 image that was inspected (inspect.ts).
 * @returns null for an image that is not qcow2, or that inspection would refuse
 */
export async function qcow2HeaderOf(file: string): Promise<Qcow2Header | null> {
  await using handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK);
  // Awaited here, before the handle is closed.
  return await headerIn(handle);
}

/**
 * Whether nothing was ever written to an image that rests on another one: both show the same then. Reads only the header
 * and the first of its tables, so it takes no longer for a large disk; and doubt means no.
 */
export async function isUntouched(file: string, backingSize: number): Promise<boolean> {
  await using handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK);
  const header = await headerIn(handle);
  if (header === null || header.backing === null || header.dataFile !== null || header.snapshots > 0)
    return false;
  // One that was grown shows zeros behind the end of the other.
  if (header.virtualSize !== backingSize) return false;
  const table = await readSome(handle, header.l1Offset, header.l1Size * 8);
  return table.length === header.l1Size * 8 && table.every((byte) => byte === 0);
}

async function headerIn(handle: FileHandle): Promise<Qcow2Header | null> {
  const { size } = await handle.stat();
  const bytes = await readSome(handle, 0, headerLength);
  if (bytes.toString('latin1', 0, 4) !== 'QFI\xfb') return null;
  const header = readQcow2Header(bytes, size);
  return typeof header === 'string' ? null : header;
}
