// SPDX-License-Identifier: Apache-2.0
//
// Small ISO images for tests, made here: labels, a boot catalogue, files.

export interface IsoRecipe {
  volume?: string;
  volumeSet?: string;
  system?: string;
  publisher?: string;
  preparer?: string;
  application?: string;
  /** Of the whole medium, as its header says (bytes); the image is as long as it has to be */
  bytes?: number;
  /** Sixteen digits: YYYYMMDDhhmmsscc */
  created?: string;
  /** Label in Joliet; left out: there is no Joliet */
  joliet?: string;
  /** Platforms of the boot catalogue: 0 BIOS, 0xef UEFI; left out: it is not bootable */
  boot?: readonly number[];
  /** Paths and texts */
  files?: Readonly<Record<string, string | Buffer>>;
  /** Names go into Rock Ridge, with short ones beside them */
  rockRidge?: boolean;
}

const sector = 2048;

export function makeIso(recipe: IsoRecipe): Buffer {
  const { files = {}, joliet, boot } = recipe;
  const descriptors = 1 + (boot === undefined ? 0 : 1) + (joliet === undefined ? 0 : 1) + 1;
  const blocks: Buffer[] = [];
  let next = 16 + descriptors;
  const put = (content: Buffer): number => {
    const at = next;
    const length = Math.max(1, Math.ceil(content.length / sector));
    blocks.push(Buffer.concat([content], length * sector));
    next += length;
    return at;
  };

  const catalog = boot === undefined ? null : put(bootCatalog(boot));
  const root = putFolder(treeOf(files), put, recipe.rockRidge === true);
  const size = recipe.bytes === undefined ? next : recipe.bytes / sector;
  const heads: Buffer[] = [volumeDescriptor(1, recipe, recipe.volume ?? '', root, size)];
  if (catalog !== null) heads.push(bootRecord(catalog));
  if (joliet !== undefined) heads.push(volumeDescriptor(2, recipe, joliet, root, size));
  heads.push(mark(Buffer.alloc(sector), 255));
  return Buffer.concat([Buffer.alloc(16 * sector), ...heads, ...blocks]);
}

function mark(block: Buffer, type: number): Buffer {
  block.writeUInt8(type, 0);
  block.write('CD001\u0001', 1, 'latin1');
  return block;
}

function volumeDescriptor(
  type: 1 | 2,
  recipe: IsoRecipe,
  label: string,
  root: { at: number; bytes: number },
  size: number,
): Buffer {
  const block = mark(Buffer.alloc(sector), type);
  const text = (value: string, at: number, length: number): void => {
    block.fill(' ', at, at + length);
    block.write(value.slice(0, length), at, length, 'utf8');
  };
  text(recipe.system ?? '', 8, 32);
  text(type === 1 ? label : '', 40, 32);
  if (type === 2) {
    block.write('%/E', 88, 'latin1');
    Buffer.from(label.padEnd(16), 'utf16le').swap16().copy(block, 40, 0, 32);
  }
  block.writeUInt32LE(size, 80);
  block.writeUInt32BE(size, 84);
  block.writeUInt16LE(sector, 128);
  block.writeUInt16BE(sector, 130);
  record('\0', root.at, root.bytes, true).copy(block, 156);
  text(recipe.volumeSet ?? '', 190, 128);
  text(recipe.publisher ?? '', 318, 128);
  text(recipe.preparer ?? '', 446, 128);
  text(recipe.application ?? '', 574, 128);
  block.write(recipe.created ?? '0'.repeat(16), 813, 'latin1');
  return block;
}

function bootRecord(catalog: number): Buffer {
  const block = mark(Buffer.alloc(sector), 0);
  block.write('EL TORITO SPECIFICATION', 7, 'latin1');
  block.writeUInt32LE(catalog, 0x47);
  return block;
}

function bootCatalog(platforms: readonly number[]): Buffer {
  const catalog = Buffer.alloc(sector);
  const [first = 0, ...others] = platforms;
  catalog.writeUInt8(1, 0);
  catalog.writeUInt8(first, 1);
  catalog.writeUInt16LE(0xaa55, 30);
  catalog.writeUInt8(0x88, 32);
  others.forEach((platform, index) => {
    const at = 64 + index * 64;
    catalog.writeUInt8(index === others.length - 1 ? 0x91 : 0x90, at);
    catalog.writeUInt8(platform, at + 1);
    catalog.writeUInt16LE(1, at + 2);
    catalog.writeUInt8(0x88, at + 32);
  });
  return catalog;
}

/** Names, and what is behind them */
export interface Folder {
  [name: string]: Folder | Buffer;
}

export function treeOf(files: Readonly<Record<string, string | Buffer>>): Folder {
  const root: Folder = {};
  for (const [path, content] of Object.entries(files)) {
    const parts = path.split('/');
    const name = parts.pop() as string;
    let folder = root;
    for (const part of parts) folder = (folder[part] ??= {}) as Folder;
    folder[name] = Buffer.from(content);
  }
  return root;
}

function putFolder(
  folder: Folder,
  put: (content: Buffer) => number,
  rockRidge: boolean,
): { at: number; bytes: number } {
  const records = Object.entries(folder).map(([name, content]) => {
    const isFile = Buffer.isBuffer(content);
    const { at, bytes } = isFile
      ? { at: put(content), bytes: content.length }
      : putFolder(content, put, rockRidge);
    return record(isFile ? `${name};1` : name, at, bytes, !isFile, rockRidge ? name : undefined);
  });
  // No record crosses a sector.
  const parts: Buffer[] = [record('\0', 0, 0, true), record('\u0001', 0, 0, true), ...records];
  let content = Buffer.alloc(0);
  for (const part of parts) {
    const left = sector - (content.length % sector);
    if (part.length > left) content = Buffer.concat([content], content.length + left);
    content = Buffer.concat([content, part]);
  }
  const bytes = Math.ceil(content.length / sector) * sector;
  return { at: put(Buffer.concat([content], bytes)), bytes };
}

function record(name: string, at: number, bytes: number, folder: boolean, longName?: string): Buffer {
  const short = longName === undefined ? name : name.toUpperCase().slice(0, 12);
  const nameLength = Buffer.byteLength(short);
  const padded = 33 + nameLength + ((nameLength + 1) % 2);
  const long = longName === undefined ? Buffer.alloc(0) : rockRidgeName(longName);
  const block = Buffer.alloc(padded + long.length);
  block.writeUInt8(block.length, 0);
  block.writeUInt32LE(at, 2);
  block.writeUInt32LE(bytes, 10);
  block.writeUInt8(folder ? 2 : 0, 25);
  block.writeUInt8(nameLength, 32);
  block.write(short, 33, 'utf8');
  long.copy(block, padded);
  return block;
}

function rockRidgeName(name: string): Buffer {
  const text = Buffer.from(name);
  return Buffer.concat([Buffer.from('NM'), Buffer.from([5 + text.length, 1, 0]), text]);
}
