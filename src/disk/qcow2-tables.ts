// SPDX-License-Identifier: Apache-2.0
import type { FileHandle } from 'node:fs/promises';
import type { Qcow2Header } from './qcow2-header.ts';
import { readSome } from './read-some.ts';

/**
 * How many second-level tables are looked at. One maps 512 MiB, so disks up to 8 GiB are checked whole; of
 * larger ones, the tables furthest back in the file, where something cut off shows.
 */
const tablesToCheck = 16;

/**
 * Whether tables of a qcow2 image point behind its end: the file was cut off, by a copy or a download that did
 * not finish. Reads about 1 MiB at most; everything else that can be wrong is for "qemu-img check".
 */
export async function pointsBehindEnd(
  handle: FileHandle,
  header: Qcow2Header,
  fileSize: number,
): Promise<boolean> {
  const l1 = await readSome(handle, header.l1Offset, header.l1Size * 8);
  const tables = offsets(l1, 8).filter((offset) => offset !== 0);
  if (tables.some((offset) => offset >= fileSize)) return true;
  for (const table of tables.toSorted((a, b) => b - a).slice(0, tablesToCheck)) {
    const l2 = await readSome(handle, table, 2 ** header.clusterBits);
    // The last cluster of a file may be shorter than a cluster.
    if (offsets(l2, header.extendedL2 ? 16 : 8).some((offset) => offset >= fileSize)) return true;
  }
  return false;
}

// Offsets take bits 9 to 55 of an entry. Entries of compressed clusters (bit 62) are made differently, and a
// cluster marked as zero (bit 0) may have a place that was never written: both count as 0, "not allocated".
function offsets(table: Buffer, entrySize: number): number[] {
  const found: number[] = [];
  for (let at = 0; at + entrySize <= table.length; at += entrySize) {
    const high = table.readUInt32BE(at);
    const low = table.readUInt32BE(at + 4);
    const skipped = (high & 0x40000000) !== 0 || (entrySize === 8 && (low & 1) !== 0);
    found.push(skipped ? 0 : (high & 0x00ffffff) * 2 ** 32 + ((low & 0xfffffe00) >>> 0));
  }
  return found;
}
