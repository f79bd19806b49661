// SPDX-License-Identifier: Apache-2.0
//
// Folders of ISO 9660 (ECMA-119, section 9), with the long names of Joliet or Rock Ridge.
import type { ReadSome } from './bounded-read.ts';
import { treeOf, type MediumTree } from './tree.ts';
import { cleanText, decodeUcs2, sectorSize, type Extent } from './volume-descriptors.ts';

// The root folders of real media have some 30 entries of 100 bytes.
const longestFolder = 128 * 1024;
const folderFlag = 0x02;

export function isoTree(read: ReadSome, root: Extent, blockSize: number, joliet: boolean): MediumTree {
  return treeOf<Extent>({
    root,
    async children(folder) {
      const records = await read(folder.offset, Math.min(folder.bytes, longestFolder));
      return [...recordsOf(records)].map((record) => ({
        name: joliet ? jolietName(record) : rockRidgeName(record),
        folder: (record.readUInt8(25) & folderFlag) !== 0,
        node: { offset: record.readUInt32LE(2) * blockSize, bytes: record.readUInt32LE(10) },
      }));
    },
    content: ({ offset, bytes }, from, length) =>
      read(offset + from, Math.max(0, Math.min(length, bytes - from))),
  });
}

/** The records of a folder, without those for itself and its parent. */
function* recordsOf(folder: Buffer): Generator<Buffer> {
  for (let at = 0; at + 34 <= folder.length;) {
    const length = folder.readUInt8(at);
    // No record crosses a sector: the rest of one is filled with zeros.
    if (length === 0) {
      at = (Math.floor(at / sectorSize) + 1) * sectorSize;
      continue;
    }
    const record = folder.subarray(at, at + length);
    at += length;
    if (record.length < 34 || 33 + record.readUInt8(32) > record.length) return;
    const special = record.readUInt8(32) === 1 && record.readUInt8(33) <= 1;
    if (!special) yield record;
  }
}

function jolietName(record: Buffer): string {
  return plain(decodeUcs2(record.subarray(33, 33 + record.readUInt8(32))));
}

/** Rock Ridge keeps the name in entries "NM" behind the record (IEEE P1282); without them the short name is all. */
function rockRidgeName(record: Buffer): string {
  const nameLength = record.readUInt8(32);
  let name = '';
  // The name is filled up to an even place.
  for (let at = 33 + nameLength + ((nameLength + 1) % 2); at + 5 <= record.length;) {
    const length = record.readUInt8(at + 2);
    if (length < 4) break;
    if (record.toString('latin1', at, at + 2) === 'NM') name += record.toString('utf8', at + 5, at + length);
    at += length;
  }
  return name === '' ? plain(record.toString('latin1', 33, 33 + nameLength)) : cleanText(name);
}

/** Without the version of the file, and the dot of a name that has no extension. */
function plain(name: string): string {
  return cleanText(name.replace(/;\d*$/, '').replace(/\.$/, ''));
}
