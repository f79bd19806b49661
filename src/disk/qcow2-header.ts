// SPDX-License-Identifier: Apache-2.0
//
// The header of a qcow2 image, as described in docs/interop/qcow2.rst of QEMU's source. All numbers are
// big-endian. The content is untrusted: every length and offset is checked before it is used.

export interface Qcow2Header {
  /** Size of the guest's disk (bytes) */
  virtualSize: number;
  clusterBits: number;
  /** Entries and place of the table of tables that maps the guest's disk */
  l1Size: number;
  l1Offset: number;
  /** Its tables have entries of twice the size */
  extendedL2: boolean;
  /** How compressed clusters are made */
  compression: 'zlib' | 'zstd';
  encrypted: boolean;
  /** How many snapshots are kept in it */
  snapshots: number;
  /** The image that this one rests on, as it is written here; its format may be missing */
  backing: { file: string; format: string | null } | null;
  /** A raw file that holds the content in place of this one */
  dataFile: string | null;
}

/** How much of a file `readQcow2Header` wants to see (bytes). Headers of real images take less than 1 KiB. */
export const headerLength = 64 * 2 ** 10;

const shortestHeader = 72; // version 2
const version3Header = 104;
const longestBackingName = 1023;
const largestL1 = 32 * 2 ** 20; // bytes; QEMU refuses larger ones, too

const incompatible = { corrupt: 1 << 1, dataFile: 1 << 2, compression: 1 << 3, extendedL2: 1 << 4 };
const zstdCompression = 1;
// Bits that QEMU 7.2 knows: dirty, corrupt, external data file, compression type, extended L2.
const knownIncompatible = 0b11111;

const extensionTypes = { end: 0, backingFormat: 0xe2792aca, dataFile: 0x44415441 };

/** @returns the header, or in words what is wrong with it */
export function readQcow2Header(bytes: Buffer, fileSize: number): Qcow2Header | string {
  if (bytes.length < shortestHeader) return 'its header is cut off';
  const version = bytes.readUInt32BE(4);
  if (version !== 2 && version !== 3) return `it has the unknown version ${version}`;
  if (version === 3 && bytes.length < version3Header) return 'its header is cut off';
  const features = version === 3 ? bytes.readUInt32BE(76) : 0;
  const highFeatures = version === 3 ? bytes.readUInt32BE(72) : 0;
  if (highFeatures !== 0 || (features & ~knownIncompatible) !== 0)
    return 'it uses features that are not known here';
  if ((features & incompatible.corrupt) !== 0) return 'QEMU marked it as corrupt';

  const clusterBits = bytes.readUInt32BE(20);
  if (clusterBits < 9 || clusterBits > 21) return `its clusters have the impossible size 2^${clusterBits}`;
  const l1Size = bytes.readUInt32BE(36);
  const l1Offset = Number(bytes.readBigUInt64BE(40));
  if (l1Size * 8 > largestL1) return 'its tables are impossibly large';
  if (l1Offset + l1Size * 8 > fileSize) return 'it is cut off: its tables lie behind its end';

  const headerEnd = version === 3 ? bytes.readUInt32BE(100) : shortestHeader;
  const extensions = readExtensions(bytes, headerEnd);
  if (extensions === null) return 'its header is damaged';
  const usesDataFile = (features & incompatible.dataFile) !== 0;
  const dataFile = extensions.get(extensionTypes.dataFile) ?? null;
  if (usesDataFile && dataFile === null) return 'it does not say where its data is';

  const backingOffset = Number(bytes.readBigUInt64BE(8));
  const backingLength = bytes.readUInt32BE(16);
  if (backingOffset !== 0) {
    if (backingLength > longestBackingName || backingOffset + backingLength > bytes.length)
      return 'its header is damaged';
  }
  const file =
    backingOffset === 0 ? '' : bytes.toString('utf8', backingOffset, backingOffset + backingLength);
  const compression = (features & incompatible.compression) !== 0 ? bytes[104] : 0;
  return {
    virtualSize: Number(bytes.readBigUInt64BE(24)),
    compression: compression === zstdCompression ? 'zstd' : 'zlib',
    encrypted: bytes.readUInt32BE(32) !== 0,
    snapshots: bytes.readUInt32BE(60),
    clusterBits,
    l1Size,
    l1Offset,
    extendedL2: (features & incompatible.extendedL2) !== 0,
    backing: file === '' ? null : { file, format: extensions.get(extensionTypes.backingFormat) ?? null },
    dataFile: usesDataFile ? dataFile : null,
  };
}

/** Type and text of the extensions between header and backing file; null when they do not fit. */
function readExtensions(bytes: Buffer, start: number): Map<number, string> | null {
  const found = new Map<number, string>();
  for (let at = start; at + 8 <= bytes.length;) {
    const type = bytes.readUInt32BE(at);
    const length = bytes.readUInt32BE(at + 4);
    if (type === extensionTypes.end) return found;
    if (at + 8 + length > bytes.length) return null;
    found.set(type, bytes.toString('utf8', at + 8, at + 8 + length));
    at += 8 + Math.ceil(length / 8) * 8;
  }
  return start + 8 > bytes.length ? null : found;
}
