// SPDX-License-Identifier: Apache-2.0

/** So many bytes from a place on, or fewer when there is an end before. */
export type ReadSome = (offset: number, length: number) => Promise<Buffer>;

// What is looked at of an honest medium is some dozens of reads of a few KiB.
const mostReads = 600;
const mostBytes = 16 * 2 ** 20;

/**
 * Reads that a hostile medium cannot lead astray: places that do not exist are empty, and after so many reads everything
 * is. What was found until then stays true.
 */
export function boundedRead(read: ReadSome): ReadSome {
  let reads = 0;
  let bytes = 0;
  return async (offset, length) => {
    if (!Number.isSafeInteger(offset) || offset < 0 || length <= 0) return Buffer.alloc(0);
    reads += 1;
    bytes += length;
    if (reads > mostReads || bytes > mostBytes) return Buffer.alloc(0);
    return read(offset, length);
  };
}
