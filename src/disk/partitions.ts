// SPDX-License-Identifier: Apache-2.0
//
// Partition tables, as far as one must know them to say what a disk is for. The content is a guest's: never trusted.
import { createHash } from 'node:crypto';
import type { ReadBytes } from './guest-bytes.ts';

export interface Partition {
  /** GPT: the type as a GUID, e.g. "c12a7328-f81f-11d2-ba4b-00a0c93ec93b"; MBR: two hexadecimal digits, "83" */
  type: string;
  /** Bytes from the beginning of the disk */
  offset: number;
  bytes: number;
  /** MBR only: the one that is booted */
  active: boolean;
  /** GPT only: what whoever made it called it */
  name?: string;
}

export interface PartitionTable {
  kind: 'none' | 'mbr' | 'gpt';
  /** Changes when the disk is partitioned anew, not when a partition is added */
  identity: string;
  partitions: Partition[];
  /** The first sector holds a program */
  bootCode: boolean;
}

export const espType = 'c12a7328-f81f-11d2-ba4b-00a0c93ec93b';

// All places in sectors of this size, as guests see it on the disks we give them (bytes).
const sector = 512;
const mbrTable = 446;
const mbrSignature = 0xaa55;
const protectiveType = 'ee';
// Real tables have 128 entries of 128 bytes.
const mostEntries = 512;

export async function readPartitionTable(read: ReadBytes): Promise<PartitionTable> {
  const beginning = await read(0, 2 * sector);
  const mbr = beginning.subarray(0, sector);
  const bootCode = mbr.subarray(0, 440).some((byte) => byte !== 0);
  const none: PartitionTable = { kind: 'none', identity: '', partitions: [], bootCode };
  if (mbr.readUInt16LE(510) !== mbrSignature) return none;
  const partitions = mbrPartitions(mbr);
  const gpt = beginning.subarray(sector);
  if (partitions?.some(({ type }) => type === protectiveType) === true || isGpt(gpt)) {
    const found = isGpt(gpt) ? await gptPartitions(gpt, read) : null;
    return found === null ? none : { kind: 'gpt', bootCode, ...found };
  }
  // The boot sector of a file system has the same signature, but text and code where a table would be.
  if (partitions === null || partitions.length === 0) return none;
  const signature = mbr.readUInt32LE(440);
  const identity = signature === 0 ? digest(mbr.subarray(mbrTable, 510)) : signature.toString(16);
  return { kind: 'mbr', identity, partitions, bootCode };
}

/** null: these four entries are no table. */
function mbrPartitions(mbr: Buffer): Partition[] | null {
  const partitions: Partition[] = [];
  for (let at = mbrTable; at < 510; at += 16) {
    const status = mbr.readUInt8(at);
    if (status !== 0 && status !== 0x80) return null;
    const type = mbr.toString('hex', at + 4, at + 5);
    if (type === '00') continue;
    const offset = mbr.readUInt32LE(at + 8) * sector;
    const bytes = mbr.readUInt32LE(at + 12) * sector;
    if (offset === 0 || bytes === 0) return null;
    partitions.push({ type, offset, bytes, active: status === 0x80 });
  }
  return partitions;
}

function isGpt(header: Buffer): boolean {
  return header.toString('latin1', 0, 8) === 'EFI PART';
}

async function gptPartitions(
  header: Buffer,
  read: ReadBytes,
): Promise<Pick<PartitionTable, 'identity' | 'partitions'> | null> {
  const place = Number(header.readBigUInt64LE(72)) * sector;
  const count = header.readUInt32LE(80);
  const size = header.readUInt32LE(84);
  if (size < 128 || size > 4096 || count > mostEntries || !Number.isSafeInteger(place)) return null;
  const table = await read(place, Math.min(count * size, 2 ** 18));
  const partitions: Partition[] = [];
  for (let at = 0; at + size <= table.length; at += size) {
    const type = guid(table.subarray(at, at + 16));
    if (type === '00000000-0000-0000-0000-000000000000') continue;
    const offset = Number(table.readBigUInt64LE(at + 32)) * sector;
    const bytes = (Number(table.readBigUInt64LE(at + 40)) + 1) * sector - offset;
    const name = table.toString('utf16le', at + 56, at + 128).replace(/\0[\s\S]*$/, '');
    partitions.push({ type, offset, bytes, active: false, ...(name !== '' && { name }) });
  }
  return { identity: guid(header.subarray(56, 72)), partitions };
}

/** Sixteen bytes as a GUID: the first three groups are little-endian. */
function guid(bytes: Buffer): string {
  const part = (start: number, end: number) => bytes.subarray(start, end);
  const groups = [part(0, 4).toReversed(), part(4, 6).toReversed(), part(6, 8).toReversed(), part(8, 10)];
  return [...groups, part(10, 16)].map((group) => Buffer.from(group).toString('hex')).join('-');
}

function digest(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex').slice(0, 16);
}
