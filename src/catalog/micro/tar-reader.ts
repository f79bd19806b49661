// SPDX-License-Identifier: Apache-2.0
//
// Reads tar archives as images of containers use them: ustar with the extensions of pax and GNU. Our own reader,
// because the libraries decode names and extended attributes as UTF-8 and drop the numbers of devices: a root file
// system has names in any encoding, and the capabilities of its programs are bytes.
// Formats: tar(5) of libarchive, "pax" in POSIX.
import { createByteQueue, type ByteQueue } from './byte-queue.ts';
import { imageInvalid } from './problem.ts';

export type TarType =
  | 'file'
  | 'hard-link'
  | 'link'
  | 'character-device'
  | 'block-device'
  | 'directory'
  | 'fifo';

/** What an archive says of one file. Names are bytes, one a character (latin1): no encoding is assumed. */
export interface TarHeader {
  path: string;
  type: TarType;
  mode: number;
  uid: number;
  gid: number;
  /** Seconds since 1970 */
  mtime: number;
  size: number;
  /** Where a link leads, or the path that a hard link is another name of */
  target: string;
  device: readonly [major: number, minor: number];
  /** Name -> value, both as bytes */
  attributes: ReadonlyMap<string, string>;
}

export interface TarEntry {
  header: TarHeader;
  /** May be read once, before the next entry is asked for; what is left unread is skipped. */
  content: AsyncIterable<Buffer>;
}

export const blockBytes = 512;
// Long names and attributes of one file: Linux allows 4 KiB and 64 KiB. An archive must not fill our memory.
const longestExtension = 2 ** 20;

const types: Readonly<Record<string, TarType>> = {
  '0': 'file',
  '\0': 'file',
  '7': 'file',
  '1': 'hard-link',
  '2': 'link',
  '3': 'character-device',
  '4': 'block-device',
  '5': 'directory',
  '6': 'fifo',
};

/**
 * The entries of an archive in their order.
 * @param name of the archive, for errors
 * @throws PhyllomeError `image-invalid`
 */
export async function* readTar(source: AsyncIterable<Uint8Array>, name: string): AsyncGenerator<TarEntry> {
  const invalid = (reason: string): Error => imageInvalid(name, reason);
  const queue = createByteQueue(source, () => invalid('it is cut off'));
  let extensions = new Map<string, string>();
  for (;;) {
    const block = await queue.take(blockBytes);
    // Two empty blocks are the end; an archive that just stops is understood by every tar, so by us.
    if (block === null) return;
    if (block.every((byte) => byte === 0)) {
      await queue.drain();
      return;
    }
    if (!checksumFits(block)) throw invalid('it is no tar archive, or damaged');
    const size = sizeOf(block, extensions);
    if (size === null) throw invalid('it holds a size that is no number');
    const letter = String.fromCharCode(block[156] ?? 0);
    if ('xgLK'.includes(letter)) {
      const text = await readExtension(queue, size, invalid);
      // Global settings (g) carry the name of a commit and the like; nothing that concerns files is set with them.
      if (letter === 'x') for (const [key, value] of paxRecords(text, invalid)) extensions.set(key, value);
      if (letter === 'L') extensions.set('path', untilNul(text));
      if (letter === 'K') extensions.set('linkpath', untilNul(text));
      continue;
    }
    const header = headerOf(block, size, extensions, invalid);
    if ([...extensions.keys()].some((key) => key.startsWith('GNU.sparse')) || letter === 'S')
      throw invalid(
        `it holds a sparse file (${header.path}) in the way of GNU tar; pack it without --sparse`,
      );
    extensions = new Map();
    let left = header.type === 'file' ? size : 0;
    const content = async function* (): AsyncGenerator<Buffer> {
      for await (const piece of queue.pass(left)) {
        left -= piece.length;
        yield piece;
      }
    };
    yield { header, content: content() };
    for await (const _ of queue.pass(left + paddingOf(header.type === 'file' ? size : 0)));
  }
}

export const paddingOf = (size: number): number => (blockBytes - (size % blockBytes)) % blockBytes;

async function readExtension(
  queue: ByteQueue,
  size: number,
  invalid: (reason: string) => Error,
): Promise<string> {
  if (size > longestExtension) throw invalid('it holds a name or attributes of more than 1 MiB');
  const bytes = size === 0 ? Buffer.alloc(0) : await queue.take(size + paddingOf(size));
  if (bytes === null) throw invalid('it is cut off');
  return bytes.toString('latin1', 0, size);
}

/** "LENGTH KEY=VALUE\n", where LENGTH counts the whole record. */
function paxRecords(text: string, invalid: (reason: string) => Error): [key: string, value: string][] {
  const records: [string, string][] = [];
  for (let at = 0; at < text.length;) {
    const [head = '', digits = ''] = /^(\d{1,8}) /.exec(text.slice(at, at + 9)) ?? [];
    const end = at + Number(digits);
    const equals = text.indexOf('=', at);
    if (head === '' || end > text.length || text[end - 1] !== '\n' || equals === -1 || equals >= end)
      throw invalid('its extended headers are damaged');
    records.push([text.slice(at + head.length, equals), text.slice(equals + 1, end - 1)]);
    at = end;
  }
  return records;
}

function headerOf(
  block: Buffer,
  size: number,
  extensions: ReadonlyMap<string, string>,
  invalid: (reason: string) => Error,
): TarHeader {
  const letter = String.fromCharCode(block[156] ?? 0);
  const plainPath = text(block, 0, 100);
  const prefix = text(block, 257, 6) === 'ustar' && block[263] === 0x30 ? text(block, 345, 155) : '';
  const path = extensions.get('path') ?? (prefix === '' ? plainPath : `${prefix}/${plainPath}`);
  // Before ustar a directory was a file whose name ends in a slash.
  const type = path.endsWith('/') && letter === '\0' ? 'directory' : types[letter];
  if (type === undefined) throw invalid(`it holds ${path}, a kind of file that is not known (${letter})`);
  const numbers = ['uid', 'gid', 'mtime'].map((key, index) => {
    const given = extensions.get(key);
    const value =
      given === undefined ? number(block, [108, 116, 136][index] ?? 0, index === 2 ? 12 : 8) : Number(given);
    if (value === null || !Number.isFinite(value)) throw invalid(`the ${key} of ${path} is no number`);
    return Math.trunc(value);
  });
  const [uid = 0, gid = 0, mtime = 0] = numbers;
  if (![uid, gid].every((id) => id >= 0 && id < 2 ** 32)) throw invalid(`the owner of ${path} is no user id`);
  const attributes = [...extensions].flatMap(([key, value]): [string, string][] =>
    key.startsWith(attributePrefix) ? [[key.slice(attributePrefix.length), value]] : [],
  );
  return {
    path,
    type,
    mode: (number(block, 100, 8) ?? 0) & 0o7777,
    uid,
    gid,
    mtime: Math.max(0, Math.min(mtime, 2 ** 32 - 1)),
    size: type === 'file' ? size : 0,
    target: extensions.get('linkpath') ?? text(block, 157, 100),
    device: [number(block, 329, 8) ?? 0, number(block, 337, 8) ?? 0],
    attributes: new Map(attributes),
  };
}

export const attributePrefix = 'SCHILY.xattr.';

function sizeOf(block: Buffer, extensions: ReadonlyMap<string, string>): number | null {
  const given = extensions.get('size');
  if (given !== undefined) return /^\d{1,15}$/.test(given) ? Number(given) : null;
  return number(block, 124, 12);
}

function checksumFits(block: Buffer): boolean {
  // The eight bytes of the sum itself count as spaces.
  const sum = block.reduce((total, byte, at) => total + (at >= 148 && at < 156 ? 0x20 : byte), 0);
  return number(block, 148, 8) === sum;
}

/** Octal digits, or with the highest bit set a binary number (GNU). null: neither */
function number(block: Buffer, at: number, length: number): number | null {
  const first = block[at] ?? 0;
  if ((first & 0x80) !== 0) {
    let value = first & 0x7f;
    // A negative one (a date before 1970) has all bits set.
    if (first === 0xff) return 0;
    for (const byte of block.subarray(at + 1, at + length)) value = value * 256 + byte;
    return Number.isSafeInteger(value) ? value : null;
  }
  const digits = text(block, at, length).trim();
  if (digits === '') return 0;
  return /^[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : null;
}

const text = (block: Buffer, at: number, length: number): string =>
  untilNul(block.toString('latin1', at, at + length));

const untilNul = (value: string): string => value.split('\0', 1)[0] ?? '';
