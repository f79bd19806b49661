// SPDX-License-Identifier: Apache-2.0
import { basename, extname } from 'node:path';
import { PhyllomeError } from '../contract/errors.ts';

// What Linux's file systems take as a name.
const longest = 255; // bytes

/** Says why a file of the library cannot have this name, or null when it can. */
export function imageNameProblem(name: string): string | null {
  if (name === '') return 'it is empty';
  if (Buffer.byteLength(name) > longest) return `it has more than ${longest} bytes`;
  if (name.startsWith('.')) return 'it begins with a dot';
  if (name.includes('/')) return 'it holds a "/"';
  if (!name.isWellFormed()) return 'it holds half a character';
  if (strange.test(name)) return 'it holds a control character or an invisible one';
  return null;
}

const strange = /[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069\ufeff]/u;

/**
 * The name under which an image comes into the library: the one given, in normal form (browsers on a Mac send others).
 * @throws PhyllomeError `image-name-invalid`
 */
export function checkImageName(given: string): string {
  const name = given.normalize('NFC');
  const reason = imageNameProblem(name);
  if (reason === null) return name;
  throw new PhyllomeError('image-name-invalid', { name: JSON.stringify(name.slice(0, 120)), reason });
}

/**
 * A name for what is downloaded: the one the server gives, else what the URL ends in. Both are the words of
 * strangers, so what a name may not hold is replaced.
 *
 * @param urls the address that was asked and those it led to. The last part of one may be no more than a number
 * @param disposition the header Content-Disposition (RFC 6266)
 */
export function nameOfDownload(urls: readonly URL[], disposition: string | undefined): string {
  const ends = urls.map(({ pathname }) => tame(decoded(pathname)));
  const best = ends.find((name) => imageExtensions.test(name)) ?? ends.find((name) => name !== '');
  return tame(dispositionName(disposition ?? '')) || (best ?? 'download');
}

/** How the names of media and disks end. */
export const imageExtensions = /\.(iso|img|raw|qcow2|vmdk|vdi|vhdx)$/i;

/** The file name in a header Content-Disposition; empty when there is none. */
function dispositionName(header: string): string {
  // The extended form (RFC 8187) is there for what the other one cannot say.
  const extended = /;\s*filename\*\s*=\s*utf-8'[^']*'([^\s;]+)/i.exec(header)?.[1];
  if (extended !== undefined) return decoded(extended);
  const quoted = /;\s*filename\s*=\s*"((?:[^"\\]|\\.)*)"/i.exec(header)?.[1];
  if (quoted !== undefined) return quoted.replaceAll(/\\(.)/g, '$1');
  return /;\s*filename\s*=\s*([^\s;"]+)/i.exec(header)?.[1] ?? '';
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // A lonely "%" is a "%".
    return text;
  }
}

/** The last part of a path as a name that the library takes; empty when nothing of it can stay. */
function tame(path: string): string {
  const last = basename(path.replaceAll('\\', '/').replace(/\/+$/, ''));
  const clean = last
    .toWellFormed()
    .normalize('NFC')
    .replaceAll(new RegExp(strange, 'gu'), '_')
    .trim()
    .replace(/^\.+/, '');
  if (Buffer.byteLength(clean) <= longest) return clean;
  const extension = extname(clean).slice(0, 10);
  const stem = Array.from(clean.slice(0, longest));
  while (Buffer.byteLength(stem.join('') + extension) > longest) stem.pop();
  return (stem.join('') + extension).toWellFormed();
}
