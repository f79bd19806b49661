// SPDX-License-Identifier: Apache-2.0
import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readSync,
  statSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { PhyllomeError, reasonOf } from '../../contract/errors.ts';

// modules.dep has the most, some 1 MB. Files of /proc and /sys say that they are empty, so their size cannot be asked for.
const largest = 8 * 2 ** 20;

export interface Node {
  kind: 'file' | 'folder' | 'device' | 'link' | 'other';
  /** Permission bits */
  mode: number;
  uid: number;
  gid: number;
}

/**
 * The files of a PC, as everybody may see them.
 *
 * A fix is planned twice: by the service, which runs as a user, and again by root, who does it. Both must come to the same
 * plan, so nothing counts that only root may read.
 */
export interface Tree {
  /** What is at this path, links not followed; null when nothing is */
  node(path: string): Node | null;
  /** Text of a regular file, links followed, whatever its encoding; null when it cannot be read */
  text(path: string): string | null;
  /** Names in a folder, sorted; none when it cannot be read */
  names(path: string): string[];
  /** Whether a program is there */
  program(path: string): boolean;
  /**
   * A file that is going to be replaced; null when there is none.
   * @throws PhyllomeError `fix-refused` when it is no plain text file at this very place that everybody may read
   */
  original(path: string): { text: string; mode: number } | null;
}

/** @param root folder in which /etc, /proc and /sys are found */
export function openTree(root: string): Tree {
  const at = (path: string): string => join(root, path);
  const bytes = (path: string): Buffer | null => {
    try {
      // A named pipe would keep us waiting for a writer.
      if (!statSync(at(path)).isFile()) return null;
      return readPublic(at(path));
    } catch {
      return null;
    }
  };
  return {
    node: (path) => nodeAt(at(path)),
    text: (path) => bytes(path)?.toString('utf8') ?? null,
    names: (path) => {
      try {
        return readdirSync(at(path)).toSorted();
      } catch {
        return [];
      }
    },
    program: (path) => {
      try {
        const found = statSync(at(path));
        return found.isFile() && (found.mode & 0o111) !== 0;
      } catch {
        return false;
      }
    },
    original: (path) => original(root, path),
  };
}

export function nodeAt(file: string): Node | null {
  try {
    const found = lstatSync(file);
    const kind = found.isFile()
      ? 'file'
      : found.isDirectory()
        ? 'folder'
        : found.isSymbolicLink()
          ? 'link'
          : found.isCharacterDevice() || found.isBlockDevice()
            ? 'device'
            : 'other';
    return { kind, mode: found.mode & 0o7777, uid: found.uid, gid: found.gid };
  } catch {
    return null;
  }
}

/** Every folder on the way to a path, from the top: /etc, /etc/modprobe.d. */
export function foldersOf(path: string): string[] {
  const folder = dirname(path);
  return folder === '/' ? [] : [...foldersOf(folder), folder];
}

function original(root: string, path: string): { text: string; mode: number } | null {
  const refuse = (reason: string): PhyllomeError =>
    new PhyllomeError('fix-refused', {
      reason: `${path} ${reason}, so it is not changed by a program.`,
      next: `Make the change by hand, or see to it that ${path} is a plain text file that everybody may read.`,
    });
  for (const folder of foldersOf(path)) {
    const node = nodeAt(join(root, folder));
    if (node === null) return null;
    if (node.kind !== 'folder') throw refuse(`is reached through ${folder}, which is no folder of its own`);
  }
  const node = nodeAt(join(root, path));
  if (node === null) return null;
  if (node.kind === 'link') throw refuse('is a symbolic link to another place');
  if (node.kind !== 'file') throw refuse('is no file');
  if ((node.mode & 0o004) === 0) throw refuse('may not be read by everybody');
  try {
    const text = new TextDecoder('utf8', { fatal: true, ignoreBOM: true }).decode(
      readPublic(join(root, path)),
    );
    return { text, mode: node.mode };
  } catch (error) {
    throw refuse(`cannot be read as text (${reasonOf(error)})`);
  }
}

function readPublic(file: string): Buffer {
  const descriptor = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const { mode } = fstatSync(descriptor);
    if ((mode & 0o004) === 0) throw new Error('not everybody may read it');
    const chunks: Buffer[] = [];
    for (let length = 0; length <= largest;) {
      const chunk = Buffer.alloc(65_536);
      const count = readSync(descriptor, chunk, 0, chunk.length, null);
      if (count === 0) return Buffer.concat(chunks);
      length += count;
      chunks.push(chunk.subarray(0, count));
    }
    throw new Error('it is larger than 8 MiB');
  } finally {
    closeSync(descriptor);
  }
}
