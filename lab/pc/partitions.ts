// SPDX-License-Identifier: Apache-2.0
//
// Where the partitions of a raw image are, read from its GPT: https://uefi.org/specs/UEFI/2.10/05_GUID_Partition_Table_Format.html
import { open } from 'node:fs/promises';

export interface Partition {
  label: string;
  /** bytes */
  start: number;
  size: number;
}

const sector = 512;

/** @throws when there is no GPT */
export async function readPartitions(file: string): Promise<Partition[]> {
  await using handle = await open(file, 'r');
  const header = Buffer.alloc(sector);
  await handle.read(header, 0, sector, sector);
  if (header.toString('latin1', 0, 8) !== 'EFI PART') throw new Error(`${file} has no GPT`);
  const at = Number(header.readBigUInt64LE(72)) * sector;
  const count = header.readUInt32LE(80);
  const length = header.readUInt32LE(84);
  const entries = Buffer.alloc(count * length);
  await handle.read(entries, 0, entries.length, at);
  return Array.from({ length: count }, (_, index) => entries.subarray(index * length, (index + 1) * length))
    .filter((entry) => entry.subarray(0, 16).some((byte) => byte !== 0))
    .map((entry) => {
      const first = Number(entry.readBigUInt64LE(32));
      const last = Number(entry.readBigUInt64LE(40));
      const label = entry.toString('utf16le', 56, 128).replace(/\0.*$/, '');
      return { label, start: first * sector, size: (last - first + 1) * sector };
    });
}

/** Changes one bit, as a tired disk or a stranger does. */
export async function flipBit(file: string, position: number): Promise<void> {
  await using handle = await open(file, 'r+');
  const byte = Buffer.alloc(1);
  await handle.read(byte, 0, 1, position);
  byte[0] = (byte[0] ?? 0) ^ 1;
  await handle.write(byte, 0, 1, position);
}
