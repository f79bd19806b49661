// SPDX-License-Identifier: Apache-2.0
//
// What a medium says about itself: its descriptors, and a few small files on it. Nothing has to be there: of a file that is
// cut off after its descriptors, these are read.
import { boundedRead, type ReadSome } from './bounded-read.ts';
import { readBootCatalog, type BootPlatform } from './boot-catalog.ts';
import { isoTree } from './iso-tree.ts';
import type { MediumTree } from './tree.ts';
import { readUdf } from './udf-tree.ts';
import {
  cleanText,
  readVolumeDescriptors,
  type IsoVolume,
  type VolumeDescriptors,
} from './volume-descriptors.ts';
import { readWindowsImage, type WindowsImage } from './wim.ts';

/** '' and [] stand for what is not there or could not be read. */
export interface MediumFacts extends Pick<
  IsoVolume,
  'volume' | 'volumeSet' | 'system' | 'publisher' | 'preparer' | 'application'
> {
  /** The label in Joliet, which has room for other characters */
  joliet: string;
  /** Label of the UDF volume */
  udf: string;
  /** Length of the medium, as it says itself (bytes); 0 when it does not say */
  bytes: number;
  /** ISO 8601 */
  created: string | null;
  /** It has a boot catalogue */
  bootable: boolean;
  /** What the boot catalogue has programs for; null when it could not be read */
  boot: readonly BootPlatform[] | null;
  /** It starts from a stick, too: there is a partition table in front */
  hybrid: boolean;
  /** ... and a program in the first sector, as only PCs have them */
  bootCode: boolean;
  /** Names in the root folder */
  names: readonly string[];
  /** Names in the folder EFI/BOOT */
  loaders: readonly string[];
  /** Text of small files that say what the medium is, by path */
  texts: Readonly<Record<string, string>>;
  windows: WindowsImage | null;
}

// Their first lines are enough.
const textFiles = ['.disk/info', '.treeinfo', 'media.1/media', '.cd-info', '.alpine-release', 'arch/version'];
const longestText = 4096;
const mostNames = 200;

/** @returns null when it is no medium: neither ISO 9660 nor UDF */
export async function readMedium(unbounded: ReadSome): Promise<MediumFacts | null> {
  const read = boundedRead(unbounded);
  const descriptors = await readVolumeDescriptors(read);
  const { iso, joliet, bootCatalog } = descriptors;
  if (iso === null && descriptors.udf === null) return null;
  const boot = bootCatalog === null ? [] : await readBootCatalog(read, bootCatalog);
  const { label, trees } = await treesOf(read, descriptors);
  const begin = await read(0, 512);
  const hybrid = begin.length === 512 && begin.readUInt16LE(510) === 0xaa55;
  return {
    volume: iso?.volume ?? '',
    volumeSet: iso?.volumeSet ?? '',
    system: iso?.system ?? '',
    publisher: iso?.publisher ?? '',
    preparer: iso?.preparer ?? '',
    application: iso?.application ?? '',
    joliet: joliet?.volume ?? '',
    udf: label,
    bytes: iso?.bytes ?? 0,
    created: iso?.created ?? null,
    bootable: bootCatalog !== null,
    boot,
    hybrid,
    bootCode: hybrid && begin.subarray(0, 440).some((byte) => byte !== 0),
    ...(await readFiles(trees)),
  };
}

/** All the file systems that are there: of Windows the files are in UDF only, of others in ISO 9660 only. */
async function treesOf(
  read: ReadSome,
  { iso, joliet, udf }: VolumeDescriptors,
): Promise<{ label: string; trees: MediumTree[] }> {
  const volume = udf === null ? null : await readUdf(read);
  const trees: MediumTree[] = volume?.tree ? [volume.tree] : [];
  if (iso?.root) trees.push(isoTree(read, iso.root, iso.blockSize, false));
  if (iso && joliet?.root) trees.push(isoTree(read, joliet.root, iso.blockSize, true));
  return { label: volume?.volume ?? '', trees };
}

async function readFiles(
  trees: readonly MediumTree[],
): Promise<Pick<MediumFacts, 'names' | 'loaders' | 'texts' | 'windows'>> {
  const names = new Map<string, string>();
  const loaders = new Map<string, string>();
  const texts: Record<string, string> = {};
  let windows: WindowsImage | null = null;
  for (const tree of trees) {
    for (const { name } of (await tree.list('')) ?? []) addName(names, name);
    for (const { name } of (await tree.list('efi/boot')) ?? []) addName(loaders, name);
    for (const file of textFiles) {
      const found = texts[file] === undefined ? await tree.read(file, 0, longestText) : null;
      if (found !== null && found.length > 0) texts[file] = textOf(found);
    }
    windows ??= await readWindowsImage(tree);
  }
  return { names: [...names.values()], loaders: [...loaders.values()], texts, windows };
}

/** The same file has a name in each file system, which differ in case. */
function addName(names: Map<string, string>, name: string): void {
  const key = name.toLowerCase();
  if (!names.has(key) && names.size < mostNames) names.set(key, name);
}

/** Lines of text, each cleaned. */
function textOf(content: Buffer): string {
  return content.toString('utf8').split(/\r?\n/).map(cleanText).join('\n').trim();
}
