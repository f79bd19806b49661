// SPDX-License-Identifier: Apache-2.0
//
// El Torito: which firmware a medium can be started by ("El Torito" Bootable CD-ROM Format Specification, and the UEFI
// Specification for the platform 0xEF).
import type { ReadSome } from './bounded-read.ts';
import { sectorSize } from './volume-descriptors.ts';

export type BootPlatform = 'bios' | 'uefi' | 'powerpc' | 'mac';

const platforms: Record<number, BootPlatform> = { 0: 'bios', 1: 'powerpc', 2: 'mac', 0xef: 'uefi' };
const entrySize = 32;
const bootable = 0x88;

/** @returns null when the catalogue is not there to be read */
export async function readBootCatalog(read: ReadSome, catalogSector: number): Promise<BootPlatform[] | null> {
  const catalog = await read(catalogSector * sectorSize, sectorSize);
  if (catalog.length < 2 * entrySize || catalog.readUInt8(0) !== 1) return null;
  if (catalog.readUInt16LE(30) !== 0xaa55) return null;
  const found = new Set<BootPlatform>();
  const take = (at: number, platform: number): void => {
    const name = platforms[platform];
    if (catalog.readUInt8(at) === bootable && name !== undefined) found.add(name);
  };
  take(entrySize, catalog.readUInt8(1));
  let platform: number | null = null;
  for (let at = 2 * entrySize; at + entrySize <= catalog.length; at += entrySize) {
    const kind = catalog.readUInt8(at);
    if (kind === 0x90 || kind === 0x91) platform = catalog.readUInt8(at + 1);
    else if (kind === bootable && platform !== null) take(at, platform);
  }
  return [...found];
}
