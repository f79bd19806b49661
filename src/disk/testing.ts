// SPDX-License-Identifier: Apache-2.0
//
// qcow2 images made by hand, for the tests of this room: also the ones that no tool would make.

export interface ImageParts {
  version?: number;
  clusterBits?: number;
  l1Size?: number;
  l1Offset?: number;
  incompatible?: number;
  backing?: string;
  backingFormat?: string;
  dataFile?: string;
  /** Offset that the first entry of the first table names */
  l2Offset?: number;
  /** Offset that the first entry of the second table names */
  dataOffset?: number;
  /** Bytes of the whole file */
  size?: number;
}

const KiB = 1024;

/** A small image: header at 0, first table at 192 KiB, second at 256 KiB, data at 320 KiB. */
export function qcow2Image(parts: ImageParts = {}): Buffer {
  const {
    version = 3,
    clusterBits = 16,
    l1Size = 1,
    l1Offset = 192 * KiB,
    incompatible = 0,
    size = 384 * KiB,
  } = parts;
  const { l2Offset = 256 * KiB, dataOffset = 320 * KiB } = parts;
  const image = Buffer.alloc(Math.max(size, 384 * KiB));
  image.write('QFI\xfb', 0, 'latin1');
  image.writeUInt32BE(version, 4);
  image.writeUInt32BE(clusterBits, 20);
  image.writeBigUInt64BE(BigInt(1024 * KiB), 24);
  image.writeUInt32BE(l1Size, 36);
  image.writeBigUInt64BE(BigInt(l1Offset), 40);
  image.writeUInt32BE(incompatible, 76);
  image.writeUInt32BE(version === 3 ? 104 : 0, 100);

  let at = version === 3 ? 104 : 72;
  const extension = (type: number, text: string): void => {
    image.writeUInt32BE(type, at);
    image.writeUInt32BE(Buffer.byteLength(text), at + 4);
    image.write(text, at + 8);
    at += 8 + Math.ceil(Buffer.byteLength(text) / 8) * 8;
  };
  if (parts.backingFormat !== undefined) extension(0xe2792aca, parts.backingFormat);
  if (parts.dataFile !== undefined) extension(0x44415441, parts.dataFile);
  extension(0, '');
  if (parts.backing !== undefined) {
    image.writeBigUInt64BE(BigInt(at), 8);
    image.writeUInt32BE(Buffer.byteLength(parts.backing), 16);
    image.write(parts.backing, at);
  }
  image.writeBigUInt64BE(BigInt(l2Offset), 192 * KiB);
  image.writeBigUInt64BE(BigInt(dataOffset), 256 * KiB);
  return image.subarray(0, size);
}

/** The least that is an ISO image. */
export function isoBytes(length = 40 * KiB): Buffer {
  const image = Buffer.alloc(length);
  image.write('\x01CD001\x01', 32 * KiB, 'latin1');
  return image;
}

/** The least that is a raw disk with a partition table. */
export function diskBytes(length = 40 * KiB): Buffer {
  const image = Buffer.alloc(length);
  image.set([0x55, 0xaa], 510);
  return image;
}

export interface MbrParts {
  /** The first sector holds a program */
  code?: boolean;
  /** Something lies between the table and the first partition */
  gap?: boolean;
  signature?: number;
  /** What the first partition begins with */
  content?: Buffer;
}

/** A disk of 256 KiB with partitions of 64 KiB, the first at 64 KiB. */
export function mbrDisk(
  partitions: readonly { type: number; active: boolean }[],
  parts: MbrParts = {},
): Buffer {
  const disk = Buffer.alloc(256 * KiB);
  if (parts.code === true) disk.fill(0x90, 0, 440);
  if (parts.gap === true) disk.fill(0x90, 512, 1024);
  disk.writeUInt32LE(parts.signature ?? 0, 440);
  partitions.forEach(({ type, active }, index) => {
    const at = 446 + index * 16;
    disk.writeUInt8(active ? 0x80 : 0, at);
    disk.writeUInt8(type, at + 4);
    disk.writeUInt32LE((index + 1) * 128, at + 8);
    disk.writeUInt32LE(128, at + 12);
  });
  disk.writeUInt16LE(0xaa55, 510);
  parts.content?.copy(disk, 64 * KiB);
  return disk;
}

/** The same with a GPT. */
export function gptDisk(
  partitions: readonly { type: string; content?: Buffer }[],
  { id = 1, code = false } = {},
): Buffer {
  const disk = mbrDisk([{ type: 0xee, active: false }], { code });
  disk.write('EFI PART', 512, 'latin1');
  disk.writeUInt32LE(id, 512 + 56);
  disk.writeBigUInt64LE(2n, 512 + 72);
  disk.writeUInt32LE(128, 512 + 80);
  disk.writeUInt32LE(128, 512 + 84);
  partitions.forEach(({ type, content }, index) => {
    const at = 1024 + index * 128;
    guidBytes(type).copy(disk, at);
    const first = BigInt((index + 1) * 128);
    disk.writeBigUInt64LE(first, at + 32);
    disk.writeBigUInt64LE(first + 127n, at + 40);
    content?.copy(disk, (index + 1) * 64 * KiB);
  });
  return disk;
}

function guidBytes(guid: string): Buffer {
  const [a, b, c, ...rest] = guid.split('-').map((group) => Buffer.from(group, 'hex'));
  return Buffer.concat([...[a, b, c].map((group) => Buffer.from(group as Buffer).toReversed()), ...rest]);
}

/** The beginning of a FAT file system, up to its root folder. */
export function fatBytes({ efi, fat16 = false }: { efi: boolean; fat16?: boolean }): Buffer {
  const content = Buffer.alloc(16 * KiB);
  content.write('\xeb\x58\x90', 0, 'latin1');
  content.writeUInt16LE(512, 11);
  content.writeUInt8(1, 13);
  content.writeUInt16LE(4, 14);
  content.writeUInt8(2, 16);
  content.writeUInt16LE(fat16 ? 32 : 0, 17);
  if (fat16) content.writeUInt16LE(3, 22);
  else {
    content.writeUInt32LE(3, 36);
    content.writeUInt32LE(2, 44);
  }
  content.writeUInt16LE(0xaa55, 510);
  if (efi) {
    const folder = (4 + 2 * 3) * 512 + 32;
    content.write('EFI        ', folder, 'latin1');
    content.writeUInt8(0x10, folder + 11);
  }
  return content;
}
