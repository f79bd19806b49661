// SPDX-License-Identifier: Apache-2.0
//
// The file chooser: folders of this PC, and in them what can be a medium or a disk.
import { constants } from 'node:fs';
import { lstat, open, opendir, readlink, realpath } from 'node:fs/promises';
import { isAbsolute, join, normalize } from 'node:path';
import { PhyllomeError, reasonOf } from '../contract/errors.ts';
import type { FileEntry, Folder } from '../contract/image.ts';
import { sniffFile } from '../disk/sniff-image.ts';
import { errorCode } from '../host/files.ts';
import { isoTime } from './files.ts';
import { imageExtensions } from './image-name.ts';
import { parentOf, placeOf, type Place } from './places.ts';

/** So many entries are shown. */
const mostShown = 1000;
// So many names are read: whoever has more in one folder does not choose by looking.
const mostRead = 20_000;
// So many files are looked at side by side.
const abreast = 16;

export interface FolderOptions {
  shown?: number;
  read?: number;
  /** What a medium is recognised as */
  systemOf?: (file: string) => Promise<string | undefined>;
}
const nothingKnown = async (): Promise<undefined> => undefined;

/**
 * Lists a folder that lies in one of the places, whatever symbolic links lead there or out of it. Hidden entries,
 * files that can be no medium or disk, and names that are no text (UTF-8) are left out.
 *
 * @param path absolute; left out: the first place
 * @param options.shown, options.read limits, for tests
 * @throws PhyllomeError `folder-outside`, `file-unreadable`, `bad-request`
 */
export async function listFolder(
  places: readonly Place[],
  path: string | undefined = places[0]?.path,
  { shown = mostShown, read = mostRead, systemOf = nothingKnown }: FolderOptions = {},
): Promise<Folder> {
  if (path === undefined) throw outside('/', places);
  if (!isAbsolute(path) || path.includes('\0'))
    throw new PhyllomeError('bad-request', { reason: 'its path is not an absolute one' });
  const real = await resolveInside(path, places);
  const { O_RDONLY, O_DIRECTORY, O_NOFOLLOW, O_NONBLOCK } = constants;
  try {
    // From here on the folder is the one that was opened, whatever is renamed or linked in the meantime.
    await using handle = await open(real, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_NONBLOCK);
    const opened = `/proc/self/fd/${handle.fd}`;
    const folder = await readlink(opened);
    if (placeOf(folder, places) === undefined) throw outside(path, places);
    const found = await readNames(opened, read);
    const entries = await describeAll({ opened, folder, places, systemOf }, found.names);
    entries.sort((a, b) => order[a.kind] - order[b.kind] || collator.compare(a.name, b.name));
    return {
      path: folder,
      parent: parentOf(folder, places),
      places: [...places],
      entries: entries.slice(0, shown),
      truncated: found.more || entries.length > shown,
    };
  } catch (error) {
    throw explain(path, error);
  }
}

const order = { folder: 0, image: 1 } as const;
const collator = new Intl.Collator('en', { numeric: true });

async function resolveInside(path: string, places: readonly Place[]): Promise<string> {
  let real: string;
  try {
    real = await realpath(path);
  } catch (error) {
    // Whether something exists out there is nobody's business here.
    if (placeOf(normalize(path), places) === undefined) throw outside(path, places);
    throw explain(path, error);
  }
  if (placeOf(real, places) === undefined) throw outside(path, places);
  return real;
}

async function readNames(folder: string, most: number): Promise<{ names: string[]; more: boolean }> {
  const names: string[] = [];
  // Node closes it at the end of the loop, however that ends.
  for await (const entry of await opendir(folder)) {
    if (entry.name.startsWith('.')) continue;
    const mayBeShown = entry.isDirectory() || entry.isSymbolicLink() || imageExtensions.test(entry.name);
    if (
      !mayBeShown ||
      entry.isFIFO() ||
      entry.isSocket() ||
      entry.isCharacterDevice() ||
      entry.isBlockDevice()
    )
      continue;
    if (names.length === most) return { names, more: true };
    names.push(entry.name);
  }
  return { names, more: false };
}

interface Look {
  opened: string;
  folder: string;
  places: readonly Place[];
  systemOf: NonNullable<FolderOptions['systemOf']>;
}

async function describeAll(look: Look, names: readonly string[]): Promise<FileEntry[]> {
  const entries: FileEntry[] = [];
  for (let at = 0; at < names.length; at += abreast) {
    const some = names.slice(at, at + abreast);
    const described = await Promise.all(some.map((name) => describe(look, name)));
    entries.push(...described.filter((entry) => entry !== null));
  }
  return entries;
}

/** @returns null for what is not shown, or gone by now */
async function describe({ opened, folder, places, systemOf }: Look, name: string): Promise<FileEntry | null> {
  try {
    let path = join(folder, name);
    let found = await lstat(join(opened, name));
    if (found.isSymbolicLink()) {
      path = await realpath(path);
      if (placeOf(path, places) === undefined) return null;
      found = await lstat(path);
    }
    const modifiedAt = isoTime(found.mtimeMs);
    if (found.isDirectory()) return { name, path, kind: 'folder', format: null, bytes: null, modifiedAt };
    if (!found.isFile() || !imageExtensions.test(name)) return null;
    const format = (await sniffFile(path))?.format ?? 'unknown';
    const system = format === 'iso' ? await systemOf(path) : undefined;
    const known = system !== undefined && { system };
    return { name, path, kind: 'image', format, ...known, bytes: found.size, modifiedAt };
  } catch (error) {
    const code = errorCode(error) ?? '';
    // Gone, a dead or an endless link, not ours to see; ENOENT also for a name that is no text.
    if (['ENOENT', 'ENOTDIR', 'ELOOP', 'EACCES', 'EPERM', 'ENAMETOOLONG', 'ESTALE', 'EIO'].includes(code))
      return null;
    throw error;
  }
}

function outside(path: string, places: readonly Place[]): PhyllomeError {
  return new PhyllomeError('folder-outside', { path, places: places.map((place) => place.path) });
}

function explain(path: string, error: unknown): PhyllomeError {
  if (error instanceof PhyllomeError) return error;
  const reasons: Record<string, string> = {
    ENOENT: 'it does not exist',
    ENOTDIR: 'it is not a folder',
    EACCES: 'you may not read it',
    EPERM: 'you may not read it',
    ELOOP: 'its links lead in a circle',
  };
  const reason = reasons[errorCode(error) ?? ''] ?? reasonOf(error);
  return new PhyllomeError('file-unreadable', { what: 'folder', file: path, reason }, { cause: error });
}
