// SPDX-License-Identifier: Apache-2.0
import { statfs } from 'node:fs/promises';
import { PhyllomeError } from '../contract/errors.ts';
import { roundSize } from '../contract/size.ts';

// What an image may not take (bytes, and as a part of a small file system): a full disk stops guests, and whoever
// is signed in can no longer save anything.
const reserve = 2 ** 30;
const reservePart = 0.05;

/**
 * Refuses what would fill the disk.
 * @param what it is for, as in "no space left for the image x.iso"
 * @throws PhyllomeError `no-space` with the numbers
 */
export async function requireSpace(directory: string, bytes: number, what: string): Promise<void> {
  const { bavail, blocks, bsize } = await statfs(directory);
  const free = bavail * bsize;
  const kept = Math.min(reserve, Math.floor(blocks * bsize * reservePart));
  if (bytes <= free - kept) return;
  const numbers = `${roundSize(bytes)} more; ${roundSize(free, 'down')} are free, and ${roundSize(kept)} of them are kept`;
  throw new PhyllomeError('no-space', { what: `${what} (${numbers})`, directory, bytes, free, kept });
}
