// SPDX-License-Identifier: Apache-2.0
//
// Small UDF volumes for tests, laid out as the media of Windows are.
import { makeIso, treeOf, type Folder, type IsoRecipe } from './testing.ts';

const sector = 2048;
const sequenceSector = 32;
const anchorSector = 256;
const partitionSector = 257;

/** An ISO image whose files are in UDF only. @param files paths and contents */
export function makeUdf(recipe: IsoRecipe, label: string, files: Readonly<Record<string, Buffer>>): Buffer {
  const blocks: Buffer[] = [];
  const put = (content: Buffer): number => {
    const at = blocks.length;
    const length = Math.max(1, Math.ceil(content.length / sector));
    const padded = Buffer.concat([content], length * sector);
    for (let index = 0; index < length; index += 1)
      blocks.push(padded.subarray(index * sector, (index + 1) * sector));
    return at;
  };
  put(Buffer.alloc(sector));
  const root = putFolder(treeOf(files), put);
  blocks[0] = fileSet(root);

  const iso = makeIso(recipe);
  const image = Buffer.alloc((partitionSector + blocks.length) * sector);
  iso.copy(image);
  // Where the descriptors of ISO 9660 end, those of UDF begin.
  ['BEA01', 'NSR02', 'TEA01'].forEach((mark, index) => {
    image.write(mark, (18 + index) * sector + 1, 'latin1');
  });
  anchor().copy(image, anchorSector * sector);
  partition().copy(image, sequenceSector * sector);
  logicalVolume(label).copy(image, (sequenceSector + 1) * sector);
  blocks.forEach((block, index) => block.copy(image, (partitionSector + index) * sector));
  return image;
}

/** Writes the tag in front of a descriptor: its identifier, and a sum over the tag. */
function tagged(id: number, block: Buffer): Buffer {
  block.writeUInt16LE(id, 0);
  block.writeUInt16LE(2, 2);
  let sum = 0;
  for (let index = 0; index < 16; index += 1) if (index !== 4) sum += block.readUInt8(index);
  block.writeUInt8(sum & 0xff, 4);
  return block;
}

function anchor(): Buffer {
  const block = Buffer.alloc(sector);
  block.writeUInt32LE(16 * sector, 16);
  block.writeUInt32LE(sequenceSector, 20);
  return tagged(2, block);
}

function partition(): Buffer {
  const block = Buffer.alloc(sector);
  block.writeUInt32LE(partitionSector, 188);
  return tagged(5, block);
}

function logicalVolume(label: string): Buffer {
  const block = Buffer.alloc(sector);
  block.writeUInt8(8, 84);
  block.write(label, 85, 'latin1');
  block.writeUInt8(label.length + 1, 84 + 127);
  block.writeUInt32LE(0, 252);
  return tagged(6, block);
}

function fileSet(root: number): Buffer {
  const block = Buffer.alloc(sector);
  block.writeUInt32LE(root, 404);
  return tagged(256, block);
}

type Put = (content: Buffer) => number;

/** @returns the block of its entry */
function putFolder(folder: Folder, put: Put): number {
  const parts = [identifier('', true, 0)];
  for (const [name, child] of Object.entries(folder)) {
    const isFile = Buffer.isBuffer(child);
    parts.push(identifier(name, !isFile, isFile ? putFile(child, put) : putFolder(child, put)));
  }
  return putFile(Buffer.concat(parts), put);
}

/** Larger files lie in two pieces, as those of more than 1 GiB do. */
function putFile(content: Buffer, put: Put): number {
  const half = Math.floor(content.length / 2 / sector) * sector;
  const pieces = half === 0 ? [content] : [content.subarray(0, half), content.subarray(half)];
  const entry = Buffer.alloc(sector);
  entry.writeBigUInt64LE(BigInt(content.length), 56);
  entry.writeUInt32LE(pieces.length * 8, 172);
  pieces.forEach((piece, index) => {
    entry.writeUInt32LE(piece.length, 176 + index * 8);
    entry.writeUInt32LE(put(piece), 180 + index * 8);
  });
  return put(tagged(261, entry));
}

function identifier(name: string, folder: boolean, block: number): Buffer {
  const nameLength = name === '' ? 0 : name.length + 1;
  const bytes = Buffer.alloc((38 + nameLength + 3) & ~3);
  bytes.writeUInt8((folder ? 2 : 0) | (name === '' ? 8 : 0), 18);
  bytes.writeUInt8(nameLength, 19);
  bytes.writeUInt32LE(block, 24);
  if (name !== '') {
    bytes.writeUInt8(8, 38);
    bytes.write(name, 39, 'latin1');
  }
  return tagged(257, bytes);
}

/** The beginning of an image of Windows Setup, and behind `gap` bytes its list of editions. */
export function makeWim(list: string, gap = 10_000): Buffer {
  const text = Buffer.from(`\ufeff${list}`, 'utf16le');
  const header = Buffer.alloc(208);
  header.write('MSWIM', 'latin1');
  header.writeBigUInt64LE(BigInt(text.length), 72);
  header.writeBigUInt64LE(BigInt(208 + gap), 80);
  return Buffer.concat([header, Buffer.alloc(gap), text]);
}
