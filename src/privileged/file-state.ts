// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { PhyllomeError } from '../contract/errors.ts';
import { foldersOf, nodeAt } from '../host/fixes/tree.ts';

/** What is at a path, exactly enough to know it again. Of a device only who may use it counts. */
export interface FileState {
  kind: 'absent' | 'file' | 'device';
  mode: number;
  uid: number;
  gid: number;
  /** SHA-256 of its content, for files */
  sha256: string;
}

/** Where new content of a file waits. No program takes such a file for one of its own; one of us at a time writes. */
export const besideOf = (path: string): string => join(dirname(path), `.${basename(path)}.phyllome`);
const isBeside = (name: string): boolean => /^\..*\.phyllome$/.test(name);

const absent: FileState = { kind: 'absent', mode: 0, uid: 0, gid: 0, sha256: '' };

export function stateOf(root: string, path: string): FileState {
  return lookAt(root, path).state;
}

/** A file's state together with its bytes, read at once; a device and an absent file have none. */
export function lookAt(root: string, path: string): { state: FileState; content: Buffer | null } {
  const file = join(root, path);
  const node = nodeAt(file);
  if (node === null) return { state: absent, content: null };
  const { kind, mode, uid, gid } = node;
  if (kind === 'device') return { state: { kind, mode, uid, gid, sha256: '' }, content: null };
  if (kind !== 'file') {
    throw new PhyllomeError('fix-refused', {
      id: path,
      reason: `It is neither a file nor a device (${kind}).`,
      next: 'Nothing was changed. Look at it yourself.',
    });
  }
  const content = readFileSync(file);
  return { state: { kind, mode, uid, gid, sha256: sha256(content) }, content };
}

export const sha256 = (content: Uint8Array): string => createHash('sha256').update(content).digest('hex');

export function sameState(one: FileState, other: FileState): boolean {
  return (
    one.kind === other.kind &&
    one.mode === other.mode &&
    one.uid === other.uid &&
    one.gid === other.gid &&
    one.sha256 === other.sha256
  );
}

/** When its content was changed last (ms since 1970); 0 when it is not there. */
export function changedAt(root: string, path: string): number {
  return lstatSync(join(root, path), { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

/**
 * The files that a command may change: each path where it really is, and for a folder ("/" at the end) the files in it.
 * What is not reached through a folder that exists is left out.
 */
export function touchedFiles(root: string, touches: readonly string[]): string[] {
  return touches.flatMap((path) => {
    if (!path.endsWith('/')) return realPath(root, path);
    const [folder] = realPath(root, path);
    if (folder === undefined || nodeAt(join(root, folder))?.kind !== 'folder') return [];
    const entries = readdirSync(join(root, folder), { withFileTypes: true });
    // What we left half-written ourselves is no file of anybody.
    return entries.flatMap((entry) =>
      entry.isFile() && !isBeside(entry.name) ? [join(folder, entry.name)] : [],
    );
  });
}

/** The path with no symbolic link in it; empty when a link leads nowhere or out of the root folder. */
export function realPath(root: string, path: string): string[] {
  const top = realpathSync(root);
  try {
    const file = join(realpathSync(join(root, dirname(path))), basename(path));
    const found = nodeAt(file)?.kind === 'link' ? realpathSync(file) : file;
    if (top === '/') return [found];
    return found.startsWith(`${top}/`) ? [found.slice(top.length)] : [];
  } catch {
    return [];
  }
}

/**
 * Sees to it that nobody but root could put something else in the way of a path while we change it.
 * @throws PhyllomeError `unsafe-directory`
 */
export function requireSafeFolders(root: string, path: string): void {
  for (const folder of foldersOf(path)) {
    const node = nodeAt(join(root, folder));
    if (node === null) return;
    const unsafe = (reason: string): PhyllomeError =>
      new PhyllomeError('unsafe-directory', { directory: folder, reason });
    if (node.kind !== 'folder') throw unsafe('it is no folder, or a symbolic link to one');
    if (node.uid !== 0 && node.uid !== process.geteuid?.()) throw unsafe('it does not belong to root');
    if ((node.mode & 0o022) !== 0) throw unsafe('others than root may write in it');
  }
}
