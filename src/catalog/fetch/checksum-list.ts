// SPDX-License-Identifier: Apache-2.0
//
// Lists of checksums in the forms that projects publish. Each is the word of a stranger, even a signed one: names in it may
// hold anything, so only their last part counts, and what is no plain name is left out.
import type { Download } from '../entry-file.ts';

export type Algorithm = NonNullable<Download['checksums']>['algorithm'];

/** Hexadecimal digits of each; a list may hold several kinds. */
const digits: Record<Algorithm, number> = { md5: 32, sha1: 40, sha256: 64, sha512: 128, blake2b: 128 };
/** As OpenSSL, and so Node, calls them */
export const hashNames: Record<Algorithm, string> = {
  md5: 'md5',
  sha1: 'sha1',
  sha256: 'sha256',
  sha512: 'sha512',
  blake2b: 'blake2b512',
};

export interface Checksum {
  /** Last part of the name; null: the list holds a hash alone */
  name: string | null;
  /** Lower case */
  hash: string;
}

// "SHA256 (debian.iso) = 0123…", as BSD's sha256 and "sha256sum --tag" write it.
const tagged = /^([A-Za-z0-9-]{2,12}) ?\((.+)\) ?= ?([0-9a-fA-F]+)$/;
// "0123…  debian.iso" of GNU, with "*" before a name that was read as binary; some put one space or a tab.
const plain = /^([0-9a-fA-F]{32,128})(?:[ \t]+\*?(.*))?$/;
// Some write the name first: "debian.iso: 0123…", "debian.iso 0123…"
const reversed = /^(.+?)[: \t]+([0-9a-fA-F]{32,128})$/;

/** All checksums of one algorithm in a list, each with the name it stands for. */
export function readChecksums(text: string, algorithm: Algorithm): Checksum[] {
  const found: Checksum[] = [];
  for (const raw of text.split(/\r\n|[\r\n]/)) {
    // "sha256:0123…" and "sha256=0123…" are forms of a hash alone.
    const line = raw.trim().replace(/^sha(?:256|512)[:=]\s*(?=[0-9a-f]+$)/i, '');
    if (line === '' || line.startsWith('#') || line.length > 1000) continue;
    const one = readLine(line, algorithm);
    if (one !== null && one.hash.length === digits[algorithm]) found.push(one);
  }
  return found;
}

function readLine(line: string, algorithm: Algorithm): Checksum | null {
  const [, kind = '', taggedName = '', taggedHash = ''] = tagged.exec(line) ?? [];
  if (taggedHash !== '') return kindOf(kind) === algorithm ? checksum(taggedName, taggedHash) : null;
  const [, hash = '', name = ''] = plain.exec(line) ?? [];
  if (hash !== '') return checksum(name, hash);
  const [, before = '', behind = ''] = reversed.exec(line) ?? [];
  return behind === '' ? null : checksum(before, behind);
}

const kindOf = (kind: string): string =>
  kind
    .toLowerCase()
    .replace('-', '')
    .replace(/^blake2b?(512)?$/, 'blake2b');

function checksum(given: string, hash: string): Checksum | null {
  if (given.trim() === '') return { name: null, hash: hash.toLowerCase() };
  const name = given.trim().split('/').at(-1) ?? '';
  return isPlainName(name) ? { name, hash: hash.toLowerCase() } : null;
}

/** What could be a name in any folder: neither hidden, nor with control characters or what turns text around. */
export function isPlainName(name: string): boolean {
  return name.length <= 255 && /^[\p{L}\p{N}_][\p{L}\p{N} ._+~@,()&='!#-]*$/u.test(name);
}
