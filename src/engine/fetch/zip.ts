// SPDX-License-Identifier: Apache-2.0
//
// The one image in a zip archive. Only what archives of images need: the directory at the end, and content that is stored
// or deflated (PKWARE's APPNOTE, 4.3). No name in it becomes the name of a file.
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { createInflateRaw } from 'node:zlib';
import type { PhyllomeError } from '../../contract/errors.ts';
import { readSome } from '../../disk/read-some.ts';

interface Member {
  name: string;
  method: number;
  packed: number;
  header: number;
}

const endMark = Buffer.from('PK\x05\x06', 'latin1');
const memberMark = 0x02014b50;
const localMark = 0x04034b50;
// The end has 22 bytes and a comment of at most 64 KiB.
const longestEnd = 22 + 0xffff;
// An archive of an image has a few files; a directory longer than this (bytes) is a trap.
const longestDirectory = 2 ** 24;

/** Its only .iso, else its only .img, .qcow2 or .vmdk. */
export async function openZipImage(
  file: string,
  failure: (reason: string) => PhyllomeError,
): Promise<{ name: string; content: Readable }> {
  await using handle = await open(file, 'r');
  const { size } = await handle.stat();
  const tail = await readSome(handle, Math.max(0, size - longestEnd), longestEnd);
  const at = tail.lastIndexOf(endMark);
  if (at === -1 || at + 22 > tail.length) throw failure('it is no zip archive, or cut off');
  const length = tail.readUInt32LE(at + 12);
  const offset = tail.readUInt32LE(at + 16);
  if (offset === 0xffffffff) throw failure('it is a zip archive of more than 4 GiB, which is not read');
  if (length > longestDirectory || offset + length > size)
    throw failure('the directory of the archive is damaged');
  const members = readDirectory(await readSome(handle, offset, length));
  const image = [/\.iso$/i, /\.(img|qcow2|vmdk)$/i]
    .map((end) => members.filter(({ name }) => end.test(name)))
    .find((found) => found.length === 1)?.[0];
  if (image === undefined) throw failure('it does not hold exactly one image');
  const local = await readSome(handle, image.header, 30);
  if (local.length < 30 || local.readUInt32LE(0) !== localMark) throw failure('the archive is damaged');
  const start = image.header + 30 + local.readUInt16LE(26) + local.readUInt16LE(28);
  if (start + image.packed > size) throw failure('the archive is cut off');
  const bytes =
    image.packed === 0 ? Readable.from([]) : createReadStream(file, { start, end: start + image.packed - 1 });
  const name = image.name.split(/[/\\]/).at(-1) ?? '';
  if (image.method === 0) return { name, content: bytes };
  if (image.method !== 8) throw failure(`it is packed in a way that is not known (${image.method})`);
  const inflate = createInflateRaw();
  bytes.once('error', (error) => inflate.destroy(error));
  return { name, content: bytes.pipe(inflate) };
}

function readDirectory(bytes: Buffer): Member[] {
  const members: Member[] = [];
  for (let at = 0; at + 46 <= bytes.length && bytes.readUInt32LE(at) === memberMark;) {
    const nameLength = bytes.readUInt16LE(at + 28);
    members.push({
      name: bytes.toString('utf8', at + 46, at + 46 + nameLength),
      method: bytes.readUInt16LE(at + 10),
      packed: bytes.readUInt32LE(at + 20),
      header: bytes.readUInt32LE(at + 42),
    });
    at += 46 + nameLength + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
  }
  return members;
}
