// SPDX-License-Identifier: Apache-2.0
//
// UDF (ECMA-167), as far as the media of Windows use it: one physical partition, no packets, no virtual maps. Everything
// else is read as "no files".
import type { ReadSome } from './bounded-read.ts';
import { treeOf, type MediumTree } from './tree.ts';
import { cleanText, decodeUcs2, sectorSize, type Extent } from './volume-descriptors.ts';

export interface UdfVolume {
  /** Identifier of the logical volume */
  volume: string;
  tree: MediumTree | null;
}

// Identifiers of descriptor tags (ECMA-167 3/7.2.1, 4/7.2.1).
const tag = { partition: 5, logicalVolume: 6, anchor: 2, fileSet: 256, file: 257, entry: 261, extended: 266 };
const anchorSector = 256;
// Where mastering tools put the sequence, looked for when a file ends before its anchor.
const usualSequence = { first: 17, last: 150 };
const longestSequence = 32;
const longestFolder = 256 * 1024;
const mostExtents = 512;

export async function readUdf(read: ReadSome): Promise<UdfVolume | null> {
  let start: number | null = null;
  let volume: { name: string; fileSet: number } | null = null;
  for await (const { id, sector } of sequence(read)) {
    if (id === tag.partition) start ??= sector.readUInt32LE(188);
    if (id === tag.logicalVolume)
      volume ??= { name: osta(sector.subarray(84, 212)), fileSet: sector.readUInt32LE(252) };
    if (start !== null && volume !== null) break;
  }
  if (volume === null) return null;
  const tree = start === null ? null : await udfTree(read, start, volume.fileSet);
  return { volume: volume.name, tree };
}

/** The main volume descriptor sequence. */
async function* sequence(read: ReadSome): AsyncGenerator<{ id: number; sector: Buffer }> {
  const anchor = await read(anchorSector * sectorSize, sectorSize);
  const anchored = tagOf(anchor) === tag.anchor;
  const first = anchored ? anchor.readUInt32LE(20) : usualSequence.first;
  const last = anchored ? first + longestSequence : usualSequence.last;
  const all = await read(first * sectorSize, (last - first) * sectorSize);
  for (let at = 0; at + sectorSize <= all.length; at += sectorSize) {
    const sector = all.subarray(at, at + sectorSize);
    const id = tagOf(sector);
    if (id !== null) yield { id, sector };
  }
}

/** The identifier of a descriptor whose tag is right; null otherwise. */
function tagOf(sector: Buffer): number | null {
  if (sector.length < 512) return null;
  let sum = 0;
  for (let index = 0; index < 16; index += 1) if (index !== 4) sum += sector.readUInt8(index);
  return (sum & 0xff) === sector.readUInt8(4) ? sector.readUInt16LE(0) : null;
}

interface Node {
  extents: Extent[];
  /** What is so small that it lies in its entry */
  inline: Buffer | null;
  bytes: number;
}

async function udfTree(read: ReadSome, start: number, fileSet: number): Promise<MediumTree | null> {
  const place = (block: number): number => (start + block) * sectorSize;
  const nodeAt = async (block: number): Promise<Node | null> =>
    nodeOf(await read(place(block), sectorSize), place);
  const set = await read(place(fileSet), sectorSize);
  if (tagOf(set) !== tag.fileSet) return null;
  const root = await nodeAt(set.readUInt32LE(404));
  if (root === null) return null;
  const content = (node: Node, offset: number, length: number) => contentOf(read, node, offset, length);

  // A folder names its files by block; what a block says is only read for what somebody asks for.
  interface Lazy {
    load: () => Promise<Node | null>;
  }
  return treeOf<Lazy>({
    root: { load: async () => root },
    async children({ load }) {
      const node = await load();
      if (node === null) return [];
      return [...identifiers(await content(node, 0, Math.min(node.bytes, longestFolder)))].map(
        ({ name, folder, block }) => ({ name, folder, node: { load: () => nodeAt(block) } }),
      );
    },
    async content({ load }, offset, length) {
      const node = await load();
      return node === null ? Buffer.alloc(0) : content(node, offset, length);
    },
  });
}

/** A file entry (ECMA-167 4/14.9) or an extended one (4/14.17). */
function nodeOf(sector: Buffer, place: (block: number) => number): Node | null {
  const id = tagOf(sector);
  if (id !== tag.entry && id !== tag.extended) return null;
  const base = id === tag.entry ? 168 : 208;
  const attributes = sector.readUInt32LE(base);
  const length = sector.readUInt32LE(base + 4);
  const begin = base + 8 + attributes;
  if (begin + length > sector.length) return null;
  const bytes = Number(sector.readBigUInt64LE(56));
  const allocation = sector.readUInt16LE(34) & 0x07;
  const area = sector.subarray(begin, begin + length);
  if (allocation === 3) return { extents: [], inline: area, bytes: area.length };
  const size = allocation === 0 ? 8 : 16;
  const extents: Extent[] = [];
  for (let at = 0; at + size <= area.length && extents.length < mostExtents; at += size) {
    const extentBytes = area.readUInt32LE(at) & 0x3fffffff;
    if (extentBytes === 0) break;
    extents.push({ offset: place(area.readUInt32LE(at + 4)), bytes: extentBytes });
  }
  return { extents, inline: null, bytes };
}

async function contentOf(read: ReadSome, node: Node, offset: number, length: number): Promise<Buffer> {
  const end = Math.min(offset + length, node.bytes);
  if (node.inline !== null) return node.inline.subarray(offset, end);
  const parts: Buffer[] = [];
  let before = 0;
  for (const extent of node.extents) {
    const from = Math.max(offset, before);
    const to = Math.min(end, before + extent.bytes);
    if (from < to) parts.push(await read(extent.offset + from - before, to - from));
    before += extent.bytes;
  }
  return Buffer.concat(parts);
}

/** File identifier descriptors (ECMA-167 4/14.4), without those of the parent and of what was removed. */
function* identifiers(folder: Buffer): Generator<{ name: string; folder: boolean; block: number }> {
  for (let at = 0; at + 38 <= folder.length;) {
    if (folder.readUInt16LE(at) !== tag.file) return;
    const flags = folder.readUInt8(at + 18);
    const nameLength = folder.readUInt8(at + 19);
    const nameAt = at + 38 + folder.readUInt16LE(at + 36);
    const hidden = (flags & 0x0c) !== 0;
    if (!hidden && nameAt + nameLength <= folder.length)
      yield {
        name: compressedUnicode(folder.subarray(nameAt, nameAt + nameLength)),
        folder: (flags & 0x02) !== 0,
        block: folder.readUInt32LE(at + 24),
      };
    at += (nameAt - at + nameLength + 3) & ~3;
  }
}

/** A field of fixed length: its last byte says how long the text is. */
function osta(field: Buffer): string {
  return compressedUnicode(field.subarray(0, Math.min(field.at(-1) ?? 0, field.length - 1)));
}

/** OSTA compressed Unicode: the first byte says how wide the characters are. */
function compressedUnicode(bytes: Buffer): string {
  if (bytes.length === 0) return '';
  const rest = bytes.subarray(1);
  return cleanText(bytes.readUInt8(0) === 16 ? decodeUcs2(rest) : rest.toString('latin1'));
}
