// SPDX-License-Identifier: Apache-2.0
//
// Reads a small file from ext2, ext3 or ext4 (layout by the Linux kernel's Documentation/filesystems/ext4). Symbolic links
// and what is rare are not followed; nothing is trusted.
import type { ReadBytes } from '../guest-bytes.ts';

interface FileSystem {
  read: ReadBytes;
  offset: number;
  blockSize: number;
  inodesPerGroup: number;
  inodeSize: number;
  descriptorSize: number;
  descriptors: number;
}

interface Inode {
  folder: boolean;
  file: boolean;
  bytes: number;
  extents: boolean;
  blocks: Buffer;
}

const magic = 0xef53;
const rootInode = 2;
// Groups of descriptors spread over the disk, and a journal on another device: not on disks of today's systems.
const unreadable = 0x10 | 0x08;
const longestFolder = 2 ** 20;
const longestFile = 64 * 1024;
const deepestTree = 5;

/** @returns null when there is no such file, or no such file system */
export async function readExt4File(
  read: ReadBytes,
  offset: number,
  path: readonly string[],
): Promise<string | null> {
  const system = fileSystemOf(await read(offset + 1024, 1024), read, offset);
  if (system === null) return null;
  let number: number | null = rootInode;
  for (const name of path) {
    const folder: Inode | null = await inodeOf(system, number);
    if (folder === null || !folder.folder) return null;
    number = inodeNamed(await contentOf(system, folder, longestFolder), name);
    if (number === null) return null;
  }
  const inode = await inodeOf(system, number);
  if (inode === null || !inode.file) return null;
  return (await contentOf(system, inode, longestFile)).toString('utf8');
}

export function isExt4(superblock: Buffer): boolean {
  return superblock.readUInt16LE(56) === magic;
}

function fileSystemOf(superblock: Buffer, read: ReadBytes, offset: number): FileSystem | null {
  if (!isExt4(superblock)) return null;
  const sizeBits = superblock.readUInt32LE(24);
  const incompatible = superblock.readUInt32LE(96);
  if (sizeBits > 6 || (incompatible & unreadable) !== 0) return null;
  const blockSize = 1024 << sizeBits;
  const inodesPerGroup = superblock.readUInt32LE(40);
  const inodeSize = superblock.readUInt32LE(76) === 0 ? 128 : superblock.readUInt16LE(88);
  const descriptorSize = (incompatible & 0x80) === 0 ? 32 : superblock.readUInt16LE(254);
  if (inodesPerGroup === 0 || inodeSize < 128 || descriptorSize < 32) return null;
  const descriptors = (superblock.readUInt32LE(20) + 1) * blockSize;
  return { read, offset, blockSize, inodesPerGroup, inodeSize, descriptorSize, descriptors };
}

async function inodeOf(system: FileSystem, number: number): Promise<Inode | null> {
  const { read, offset, blockSize, inodesPerGroup, inodeSize, descriptorSize, descriptors } = system;
  const group = Math.floor((number - 1) / inodesPerGroup);
  const descriptor = await read(offset + descriptors + group * descriptorSize, descriptorSize);
  const high = descriptorSize >= 64 ? descriptor.readUInt32LE(40) : 0;
  const table = (descriptor.readUInt32LE(8) + high * 2 ** 32) * blockSize;
  const place = offset + table + ((number - 1) % inodesPerGroup) * inodeSize;
  if (!Number.isSafeInteger(place)) return null;
  const inode = await read(place, 128);
  const type = inode.readUInt16LE(0) & 0xf000;
  const flags = inode.readUInt32LE(32);
  return {
    folder: type === 0x4000,
    file: type === 0x8000,
    bytes: inode.readUInt32LE(4),
    extents: (flags & 0x80000) !== 0,
    blocks: inode.subarray(40, 100),
  };
}

async function contentOf(system: FileSystem, inode: Inode, limit: number): Promise<Buffer> {
  const { read, offset, blockSize } = system;
  const wanted = Math.min(inode.bytes, limit);
  const parts: Buffer[] = [];
  let length = 0;
  for await (const block of inode.extents ? extentBlocks(system, inode.blocks, 0) : oldBlocks(inode.blocks)) {
    if (length >= wanted) break;
    parts.push(await read(offset + block * blockSize, blockSize));
    length += blockSize;
  }
  return Buffer.concat(parts).subarray(0, wanted);
}

/** The first twelve blocks: more than what is read here has. */
function* oldBlocks(blocks: Buffer): Generator<number> {
  for (let at = 0; at < 48; at += 4) if (blocks.readUInt32LE(at) !== 0) yield blocks.readUInt32LE(at);
}

async function* extentBlocks(system: FileSystem, node: Buffer, depth: number): AsyncGenerator<number> {
  if (node.readUInt16LE(0) !== 0xf30a || depth > deepestTree) return;
  const isLeaf = node.readUInt16LE(6) === 0;
  const count = Math.min(node.readUInt16LE(2), Math.floor(node.length / 12) - 1);
  for (let at = 12; at < 12 * (count + 1); at += 12) {
    if (isLeaf) {
      const start = node.readUInt32LE(at + 8) + node.readUInt16LE(at + 6) * 2 ** 32;
      const length = node.readUInt16LE(at + 4);
      // More than 32768 marks an extent that was never written.
      const written = length <= 32_768 ? length : 0;
      for (let block = 0; block < written; block += 1) yield start + block;
    } else {
      const block = node.readUInt32LE(at + 4) + node.readUInt16LE(at + 8) * 2 ** 32;
      const next = await system.read(system.offset + block * system.blockSize, system.blockSize);
      yield* extentBlocks(system, next, depth + 1);
    }
  }
}

function inodeNamed(folder: Buffer, name: string): number | null {
  for (let at = 0; at + 8 <= folder.length;) {
    const inode = folder.readUInt32LE(at);
    const length = folder.readUInt16LE(at + 4);
    const nameLength = folder.readUInt8(at + 6);
    if (length < 8) return null;
    if (inode !== 0 && folder.toString('utf8', at + 8, at + 8 + nameLength) === name) return inode;
    at += length;
  }
  return null;
}
