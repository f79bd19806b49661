// SPDX-License-Identifier: Apache-2.0
import { attributePrefix, blockBytes, paddingOf, type TarHeader, type TarType } from './tar-reader.ts';

const letters: Readonly<Record<TarType, string>> = {
  file: '0',
  'hard-link': '1',
  link: '2',
  'character-device': '3',
  'block-device': '4',
  directory: '5',
  fifo: '6',
};

// What the fields of the plain header can hold; anything beyond goes into an extended one (pax).
const longestName = 100;
const largestId = 0o7777777;
const largestSize = 0o77777777777;

/** The header of a file as it stands before its content, extended headers included. */
export function tarHeader(header: TarHeader): Buffer {
  const records: [string, string][] = [];
  const path = header.type === 'directory' ? `${header.path}/` : header.path;
  if (path.length > longestName) records.push(['path', path]);
  if (header.target.length > longestName) records.push(['linkpath', header.target]);
  if (header.uid > largestId) records.push(['uid', String(header.uid)]);
  if (header.gid > largestId) records.push(['gid', String(header.gid)]);
  if (header.size > largestSize) records.push(['size', String(header.size)]);
  for (const [name, value] of header.attributes) records.push([attributePrefix + name, value]);
  const plain = block(header, path, letters[header.type]);
  if (records.length === 0) return plain;
  const extension = Buffer.from(records.map(record).join(''), 'latin1');
  const about = { ...header, size: extension.length, target: '' };
  return Buffer.concat([block(about, 'pax', 'x'), extension, tarPadding(extension.length), plain]);
}

/** What follows the content of a file of this size. */
export const tarPadding = (size: number): Buffer => Buffer.alloc(paddingOf(size));

/** What ends an archive. */
export const tarEnd: Buffer = Buffer.alloc(2 * blockBytes);

/** "LENGTH KEY=VALUE\n", where LENGTH counts itself too. */
function record([key, value]: [string, string]): string {
  const rest = ` ${key}=${value}\n`;
  let length = rest.length;
  while (String(length).length + rest.length !== length) length = String(length).length + rest.length;
  return length + rest;
}

function block(
  { mode, uid, gid, size, mtime, target, device }: TarHeader,
  path: string,
  letter: string,
): Buffer {
  const bytes = Buffer.alloc(blockBytes);
  const put = (value: string, at: number, length: number): void => {
    bytes.write(value.slice(0, length), at, 'latin1');
  };
  // A number that does not fit is in the extended header.
  const octal = (value: number, at: number, length: number): void => {
    const digits = value.toString(8);
    put(digits.length < length ? digits.padStart(length - 1, '0') : '0'.repeat(length - 1), at, length);
  };
  put(path, 0, longestName);
  octal(mode, 100, 8);
  octal(uid, 108, 8);
  octal(gid, 116, 8);
  octal(size, 124, 12);
  octal(mtime, 136, 12);
  put(' '.repeat(8), 148, 8);
  put(letter, 156, 1);
  put(target, 157, longestName);
  put('ustar\u000000', 257, 8);
  octal(device[0], 329, 8);
  octal(device[1], 337, 8);
  const sum = bytes.reduce((total, byte) => total + byte, 0);
  put(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 8);
  return bytes;
}
