// SPDX-License-Identifier: Apache-2.0
//
// Finds a file on a FAT file system (Microsoft's "FAT32 File System Specification"), as firmware does. Read from a guest's
// disk, so nothing is trusted: every step is bounded.
import type { ReadBytes } from './guest-bytes.ts';

interface Layout {
  kind: 12 | 16 | 32;
  fat: number;
  data: number;
  clusterSize: number;
  clusters: number;
  /** First cluster on FAT32; place and length elsewhere */
  root: { cluster: number } | { offset: number; length: number };
}

interface Entry {
  name: string;
  folder: boolean;
  cluster: number;
}

// The folders on the way to a boot loader have a few entries (bytes).
const largestFolder = 2 ** 18;

/** @param offset where the file system begins (bytes) @param path names, in any case */
export async function fatHasFile(read: ReadBytes, offset: number, path: readonly string[]): Promise<boolean> {
  const layout = layoutOf(await read(offset, 512), offset);
  if (layout === null) return false;
  let folder = await folderBytes(read, layout, layout.root);
  for (const [depth, name] of path.entries()) {
    const last = depth === path.length - 1;
    const wanted = name.toLowerCase();
    const entry = entriesOf(folder).find((one) => one.name.toLowerCase() === wanted && one.folder !== last);
    if (entry === undefined) return false;
    if (last) return true;
    folder = await folderBytes(read, layout, { cluster: entry.cluster });
  }
  return false;
}

/** Names in a folder; empty when there is none. */
export async function fatNames(read: ReadBytes, offset: number, path: readonly string[]): Promise<string[]> {
  const layout = layoutOf(await read(offset, 512), offset);
  if (layout === null) return [];
  let folder = await folderBytes(read, layout, layout.root);
  for (const name of path) {
    const wanted = name.toLowerCase();
    const entry = entriesOf(folder).find((one) => one.folder && one.name.toLowerCase() === wanted);
    if (entry === undefined) return [];
    folder = await folderBytes(read, layout, { cluster: entry.cluster });
  }
  return entriesOf(folder)
    .map(({ name }) => name)
    .filter((name) => name !== '.' && name !== '..');
}

function layoutOf(boot: Buffer, offset: number): Layout | null {
  if (boot.readUInt16LE(510) !== 0xaa55) return null;
  const sector = boot.readUInt16LE(11);
  const perCluster = boot.readUInt8(13);
  if (![512, 1024, 2048, 4096].includes(sector) || perCluster === 0) return null;
  const size16 = boot.readUInt16LE(22);
  const fatSize = (size16 === 0 ? boot.readUInt32LE(36) : size16) * sector;
  const fat = offset + boot.readUInt16LE(14) * sector;
  const behindFats = fat + boot.readUInt8(16) * fatSize;
  const rootLength = boot.readUInt16LE(17) * 32;
  const data = behindFats + Math.ceil(rootLength / sector) * sector;
  const total = (boot.readUInt16LE(19) || boot.readUInt32LE(32)) * sector;
  const clusterSize = perCluster * sector;
  const clusters = Math.floor((offset + total - data) / clusterSize);
  if (clusters <= 0) return null;
  const kind = clusters < 4085 ? 12 : clusters < 65_525 ? 16 : 32;
  const root = kind === 32 ? { cluster: boot.readUInt32LE(44) } : { offset: behindFats, length: rootLength };
  return { kind, fat, data, clusterSize, clusters, root };
}

async function folderBytes(read: ReadBytes, layout: Layout, place: Layout['root']): Promise<Buffer> {
  if ('offset' in place) return read(place.offset, Math.min(place.length, largestFolder));
  const parts: Buffer[] = [];
  let length = 0;
  for (let cluster = place.cluster; cluster >= 2 && cluster < layout.clusters + 2;) {
    parts.push(await read(layout.data + (cluster - 2) * layout.clusterSize, layout.clusterSize));
    length += layout.clusterSize;
    // A chain that bites its tail ends here, too.
    if (length >= largestFolder) break;
    cluster = await nextCluster(read, layout, cluster);
  }
  return Buffer.concat(parts);
}

async function nextCluster(read: ReadBytes, { kind, fat }: Layout, cluster: number): Promise<number> {
  if (kind === 32) return (await read(fat + cluster * 4, 4)).readUInt32LE() & 0x0fffffff;
  if (kind === 16) return (await read(fat + cluster * 2, 2)).readUInt16LE();
  const pair = (await read(fat + Math.floor(cluster * 1.5), 2)).readUInt16LE();
  return cluster % 2 === 0 ? pair & 0xfff : pair >> 4;
}

/** With long names, which stand in front of the entry that they are for, last part first. */
function entriesOf(folder: Buffer): Entry[] {
  const entries: Entry[] = [];
  let long = '';
  for (let at = 0; at + 32 <= folder.length; at += 32) {
    const first = folder.readUInt8(at);
    if (first === 0) break;
    const attributes = folder.readUInt8(at + 11);
    if (first === 0xe5) long = '';
    else if ((attributes & 0x3f) === 0x0f) {
      const part = [at + 1, at + 14, at + 28]
        .map((start, index) => folder.toString('utf16le', start, start + [10, 12, 4][index]!))
        .join('');
      long = part.replace(/[\0\uffff][\s\S]*$/, '') + long;
    } else {
      if ((attributes & 0x08) === 0) {
        const base = folder.toString('latin1', at, at + 8).trimEnd();
        const extension = folder.toString('latin1', at + 8, at + 11).trimEnd();
        const cluster = folder.readUInt16LE(at + 26) + folder.readUInt16LE(at + 20) * 2 ** 16;
        const name = long || (extension === '' ? base : `${base}.${extension}`);
        entries.push({ name, folder: (attributes & 0x10) !== 0, cluster });
      }
      long = '';
    }
  }
  return entries;
}
