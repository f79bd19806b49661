// SPDX-License-Identifier: Apache-2.0
//
// Looking at /proc, /sys and the like below a root folder, so that a recorded PC can be read as if it were this one.
// Nothing outside the root is ever looked at: links are followed as they would be if the root were "/".
import {
  closeSync,
  constants,
  lstatSync,
  openSync,
  readdirSync,
  readlinkSync,
  readSync,
  statSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { isUtf8 } from 'node:buffer';
import { errorCode } from './files.ts';

export interface Tree {
  readonly root: string;
  /** Where a path is, with every link followed below the root; null when it does not exist. Without a leading slash */
  resolve(path: string): string | null;
  /** Content without white space at its ends; null when there is none. Bytes that are no UTF-8 become U+FFFD */
  text(path: string, limit?: number): string | null;
  bytes(path: string, limit?: number): Buffer | null;
  /** Names in a folder, sorted; empty when it does not exist */
  list(path: string): string[];
  /** The last part of what a link points to, e.g. the driver of a device */
  linkName(path: string): string | null;
  exists(path: string): boolean;
  /** What exists but could not be read: path -> why. What does not exist is no failure */
  readonly failures: ReadonlyMap<string, string>;
}

// Longer than any file of /proc and /sys that we read; who wants more says so.
const usualLimit = 256 * 1024;

// What says that something is not there, or (EINVAL, EOPNOTSUPP, EAGAIN) that the device has no such property just
// now: the speed of a network card without a cable, for one. Devices may also vanish while we look at them.
const absent = new Set([
  'ENOENT',
  'ENOTDIR',
  'ENODEV',
  'ENXIO',
  'EINVAL',
  'EISDIR',
  'EOPNOTSUPP',
  'ENOTCONN',
  'EAGAIN',
  'EBUSY',
  'ESRCH',
]);

/** @param root "/" for this PC */
export function openTree(root: string): Tree {
  const failures = new Map<string, string>();
  const real = root === '/';
  // Folders that were resolved before: a PC with 2,000 devices asks for the same ones again and again.
  const folders = new Map<string, string | null>();

  const note = (path: string, error: unknown): void => {
    const code = errorCode(error) ?? 'unknown';
    if (!absent.has(code)) failures.set(`/${path}`, code);
  };
  const at = (resolved: string): string => (resolved === '' ? root : join(root, resolved));

  const resolveBelow = (path: string, depth = 0): string | null => {
    const parts = path.split('/').filter((part) => part !== '' && part !== '.');
    const name = parts.pop();
    if (name === undefined) return '';
    const folder = resolveFolder(parts.join('/'), depth);
    if (folder === null) return null;
    if (name === '..') return parentOf(folder);
    const own = folder === '' ? name : `${folder}/${name}`;
    const link = linkAt(own);
    if (link === undefined) return null;
    if (link === null) return own;
    // As many links as the kernel follows: a circle ends.
    if (depth >= 40) return null;
    return resolveBelow(link.startsWith('/') ? link : `${folder}/${link}`, depth + 1);
  };
  const resolveFolder = (path: string, depth: number): string | null => {
    const known = folders.get(path);
    if (known !== undefined) return known;
    const found = resolveBelow(path, depth);
    folders.set(path, found);
    return found;
  };
  // Where a link points to; null for anything else, undefined for what is not there.
  const linkAt = (resolved: string): string | null | undefined => {
    try {
      return lstatSync(at(resolved)).isSymbolicLink() ? readlinkSync(at(resolved)) : null;
    } catch (error) {
      note(resolved, error);
      return undefined;
    }
  };

  // The whole of this PC is below "/": the kernel may follow the links.
  const locate = (path: string): string | null => (real ? path : resolveBelow(path));

  const bytes = (path: string, limit = usualLimit): Buffer | null => {
    const found = locate(path);
    if (found === null) return null;
    try {
      return readSome(at(found), limit);
    } catch (error) {
      note(path, error);
      return null;
    }
  };

  return {
    root,
    failures,
    resolve: resolveBelow,
    bytes,
    text: (path, limit) => bytes(path, limit)?.toString('utf8').replaceAll('\0', ' ').trim() ?? null,
    list(path) {
      const found = locate(path);
      if (found === null) return [];
      try {
        const names = readdirSync(at(found), { encoding: 'buffer' });
        const readable = names.filter((name) => isUtf8(name));
        if (readable.length < names.length) failures.set(`/${path}`, 'names in it are not UTF-8');
        return readable.map(String).toSorted();
      } catch (error) {
        note(path, error);
        return [];
      }
    },
    linkName(path) {
      const folder = locate(path.slice(0, Math.max(0, path.lastIndexOf('/'))));
      if (folder === null) return null;
      try {
        const name = basename(readlinkSync(at(join(folder, basename(path)))));
        return name === '' ? null : name;
      } catch (error) {
        note(path, error);
        return null;
      }
    },
    exists(path) {
      const found = locate(path);
      if (found === null) return false;
      try {
        return statSync(at(found), { throwIfNoEntry: false }) !== undefined;
      } catch (error) {
        note(path, error);
        return false;
      }
    },
  };
}

// Without waiting for anybody: a named pipe where a file should be must not hold us up.
function readSome(file: string, limit: number): Buffer {
  const descriptor = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  try {
    // Nearly everything below /sys is shorter than a page.
    let buffer = Buffer.allocUnsafe(Math.min(limit, 4096));
    let length = 0;
    for (;;) {
      const count = readSync(descriptor, buffer, length, buffer.length - length, null);
      length += count;
      if (count === 0 || length >= limit) return buffer.subarray(0, length);
      if (length === buffer.length) {
        buffer = Buffer.concat([buffer, Buffer.allocUnsafe(Math.min(limit - length, 3 * length))]);
      }
    }
  } finally {
    closeSync(descriptor);
  }
}

const parentOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));

/** A whole number from a file; null when there is none. Hexadecimal with 0x. */
export function numberIn(tree: Tree, path: string): number | null {
  return toNumber(tree.text(path));
}

/** The same of a text that was read already. */
export function toNumber(text: string | null | undefined): number | null {
  if (text == null || !/^-?(?:\d+|0x[0-9a-f]+)$/i.test(text)) return null;
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : null;
}

/** A switch of a kernel module: Y or N, 1 or 0; null when there is none. */
export function switchIn(tree: Tree, path: string): boolean | null {
  const value = tree.text(path);
  if (value === 'Y' || value === '1') return true;
  return value === 'N' || value === '0' ? false : null;
}

/** A name as devices and firmware give it, fit to be shown: one line, no padding, not endless; null for none. */
export function nameIn(tree: Tree, path: string): string | null {
  const name = (tree.text(path, 4096) ?? '').replaceAll(/\s+/g, ' ').trim().slice(0, 200);
  return name === '' ? null : name;
}
