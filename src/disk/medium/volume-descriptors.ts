// SPDX-License-Identifier: Apache-2.0
//
// The descriptors at the beginning of an ISO 9660 volume (ECMA-119, section 8) and of what may be there beside it: Joliet,
// El Torito, UDF. Anybody can write them: lengths are clamped, texts are data.
import type { ReadSome } from './bounded-read.ts';

export interface Extent {
  /** Bytes from the beginning of the medium */
  offset: number;
  bytes: number;
}

export interface IsoVolume {
  volume: string;
  volumeSet: string;
  system: string;
  publisher: string;
  preparer: string;
  application: string;
  /** Length of the medium by its own word (bytes); the file may be shorter */
  bytes: number;
  blockSize: number;
  /** ISO 8601; null when it says none */
  created: string | null;
  root: Extent | null;
}

export interface VolumeDescriptors {
  iso: IsoVolume | null;
  joliet: { volume: string; root: Extent | null } | null;
  /** Sector of the boot catalogue; null: it is not bootable by El Torito */
  bootCatalog: number | null;
  udf: 'NSR02' | 'NSR03' | null;
}

export const sectorSize = 2048;
const firstSector = 16;
// Real media have three to six.
const mostDescriptors = 32;
const elTorito = 'EL TORITO SPECIFICATION';

export async function readVolumeDescriptors(read: ReadSome): Promise<VolumeDescriptors> {
  const found: VolumeDescriptors = { iso: null, joliet: null, bootCatalog: null, udf: null };
  let ended = false;
  for (let index = 0; index < mostDescriptors; index += 1) {
    const sector = await read((firstSector + index) * sectorSize, sectorSize);
    if (sector.length < sectorSize) return found;
    const mark = sector.toString('latin1', 1, 6);
    const type = sector.readUInt8(0);
    if (mark === 'NSR02' || mark === 'NSR03') found.udf = mark;
    else if (mark === 'TEA01') return found;
    else if (mark === 'CD001' && !ended) {
      if (type === 255) ended = true;
      else takeDescriptor(type, sector, found);
    } else if (mark !== 'BEA01') return found;
  }
  return found;
}

function takeDescriptor(type: number, sector: Buffer, found: VolumeDescriptors): void {
  if (type === 0 && sector.toString('latin1', 7, 7 + elTorito.length) === elTorito)
    found.bootCatalog ??= sector.readUInt32LE(0x47);
  // The first one is what everybody reads; a second one is a copy.
  if (type === 1) found.iso ??= primary(sector);
  if (type === 2 && isJoliet(sector))
    found.joliet ??= { volume: text(sector, 40, 32, 'utf16be'), root: rootOf(sector, blockSizeOf(sector)) };
}

function primary(sector: Buffer): IsoVolume {
  const blockSize = blockSizeOf(sector);
  return {
    system: text(sector, 8, 32),
    volume: text(sector, 40, 32),
    volumeSet: text(sector, 190, 128),
    publisher: text(sector, 318, 128),
    preparer: text(sector, 446, 128),
    application: text(sector, 574, 128),
    bytes: sector.readUInt32LE(80) * blockSize,
    blockSize,
    created: dateOf(sector.toString('latin1', 813, 829)),
    root: rootOf(sector, blockSize),
  };
}

function blockSizeOf(sector: Buffer): number {
  const size = sector.readUInt16LE(128);
  return [512, 1024, 2048].includes(size) ? size : sectorSize;
}

function rootOf(sector: Buffer, blockSize: number): Extent | null {
  const record = sector.subarray(156, 190);
  const extent = { offset: record.readUInt32LE(2) * blockSize, bytes: record.readUInt32LE(10) };
  return record.readUInt8(0) >= 34 && extent.bytes > 0 ? extent : null;
}

/** The escape sequences for UCS-2 at its three levels. */
function isJoliet(sector: Buffer): boolean {
  return ['%/@', '%/C', '%/E'].includes(sector.toString('latin1', 88, 91));
}

function text(sector: Buffer, at: number, length: number, coding: 'latin1' | 'utf16be' = 'latin1'): string {
  const bytes = sector.subarray(at, at + length);
  return cleanText(coding === 'latin1' ? decodeName(bytes) : decodeUcs2(bytes));
}

/** Some write UTF-8 where only capital letters are allowed. */
function decodeName(bytes: Buffer): string {
  const utf8 = bytes.toString('utf8');
  return utf8.includes('\ufffd') ? bytes.toString('latin1') : utf8;
}

export function decodeUcs2(bytes: Buffer): string {
  return Buffer.from(bytes.subarray(0, bytes.length & ~1))
    .swap16()
    .toString('utf16le');
}

/** A text ends at its first NUL and is filled up with spaces; nothing that a terminal would obey stays in it. */
export function cleanText(raw: string): string {
  const end = raw.indexOf('\0');
  const kept = end === -1 ? raw : raw.slice(0, end);
  return kept
    .toWellFormed()
    .replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, ' ')
    .trimEnd();
}

/** Seventeen bytes: digits from years to hundredths; zeros mean "not said". The zone is left out. */
function dateOf(digits: string): string | null {
  const found = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)\d\d$/.exec(digits);
  if (found === null) return null;
  const [, year, month, day, hour, minute, second] = found;
  const date = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(date.getTime()) ? null : date.toISOString();
}
