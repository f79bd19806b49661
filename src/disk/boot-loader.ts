// SPDX-License-Identifier: Apache-2.0
import type { ReadBytes } from './guest-bytes.ts';
import { espType, readPartitionTable, type Partition, type PartitionTable } from './partitions.ts';

/** What of a disk tells whether a system was installed on it. */
export interface DiskTrace {
  /** How a firmware could start what is on it: by an EFI program, by the first sector, not at all */
  loader: 'none' | 'mbr' | 'efi';
  /** Of its partition table: another one means that the disk was partitioned anew; '' when there is none */
  identity: string;
}

// Where boot loaders for BIOS lie on disks with a GPT: of GRUB, of FreeBSD.
const biosBootTypes = ['21686148-6449-6e6f-744e-656564454649', '83bd6b9d-7f41-11dc-be0b-001560b84f0f'];

/** Looks for a boot loader. Reads some 100 KiB at most. */
export async function readDiskTrace(read: ReadBytes): Promise<DiskTrace> {
  const table = await readPartitionTable(read);
  const { identity } = table;
  if (await hasEfiProgram(read, table)) return { loader: 'efi', identity };
  return { loader: (await hasBiosLoader(read, table)) ? 'mbr' : 'none', identity };
}

/** An EFI system partition with a folder "EFI": installers make the partition first and fill it last. */
async function hasEfiProgram(read: ReadBytes, { kind, partitions }: PartitionTable): Promise<boolean> {
  const type = kind === 'gpt' ? espType : 'ef';
  for (const partition of partitions.filter((candidate) => candidate.type === type)) {
    if (await hasEfiFolder(read, partition)) return true;
  }
  return false;
}

/**
 * A program in the first sector, and what it would start. The program alone says little: tools that make partition
 * tables write one that only complains.
 */
async function hasBiosLoader(read: ReadBytes, table: PartitionTable): Promise<boolean> {
  if (!table.bootCode) return false;
  if (table.kind === 'gpt') {
    const place = table.partitions.find(({ type }) => biosBootTypes.includes(type));
    return place !== undefined && isUsed(await read(place.offset, 512));
  }
  if (table.kind === 'none') return false;
  // GRUB goes on in the gap behind the table, most others in the first sector of the active partition.
  const active = table.partitions.find((partition) => partition.active);
  if (active !== undefined && isBootSector(await read(active.offset, 512))) return true;
  return isUsed(await read(512, 512));
}

/** Whether the root folder of a FAT file system (Microsoft's "FAT32 File System Specification") has a folder EFI. */
async function hasEfiFolder(read: ReadBytes, { offset }: Partition): Promise<boolean> {
  const boot = await read(offset, 512);
  if (!isBootSector(boot)) return false;
  const bytesPerSector = boot.readUInt16LE(11);
  if (![512, 1024, 2048, 4096].includes(bytesPerSector)) return false;
  const reserved = boot.readUInt16LE(14);
  const copies = boot.readUInt8(16);
  const fatSize16 = boot.readUInt16LE(22);
  const isFat32 = fatSize16 === 0;
  const fatSize = isFat32 ? boot.readUInt32LE(36) : fatSize16;
  const behindFats = (reserved + copies * fatSize) * bytesPerSector;
  const clusterSize = boot.readUInt8(13) * bytesPerSector;
  // The first cluster of the folder is enough: EFI is among the first things that are made there.
  const root = isFat32 ? behindFats + (boot.readUInt32LE(44) - 2) * clusterSize : behindFats;
  const length = isFat32 ? clusterSize : boot.readUInt16LE(17) * 32;
  if (root < 0 || length > 2 ** 18) return false;
  const folder = await read(offset + root, length);
  for (let at = 0; at + 32 <= folder.length; at += 32) {
    const isFolder = (folder.readUInt8(at + 11) & 0x18) === 0x10;
    if (isFolder && folder.toString('latin1', at, at + 11) === 'EFI        ') return true;
  }
  return false;
}

function isBootSector(bytes: Buffer): boolean {
  return bytes.readUInt16LE(510) === 0xaa55 && isUsed(bytes.subarray(0, 3));
}

function isUsed(bytes: Buffer): boolean {
  return bytes.some((byte) => byte !== 0);
}
