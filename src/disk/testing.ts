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
