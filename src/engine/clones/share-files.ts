// SPDX-License-Identifier: Apache-2.0
//
// How files of one machine come into the folder of another: by a second name, by a copy that shares its blocks, or by a
// plain copy.
import { constants } from 'node:fs';
import { chmod, copyFile, link, mkdir, readdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { errorCode, sync } from '../../host/files.ts';
import { notLinked, type Folder } from './chain-files.ts';

/** Gives a file a second name. @throws PhyllomeError `clone-not-linked` where the file system has none to give */
export async function shareFile(folder: Folder, file: string, target: string): Promise<void> {
  await mkdir(dirname(target), { recursive: true, mode: 0o700 });
  try {
    await link(file, target);
  } catch (error) {
    const reason = whyNoLink(error);
    if (reason === null) throw error;
    throw notLinked(folder, `${file} cannot have a second name: ${reason}`, error);
  }
}

function whyNoLink(error: unknown): string | null {
  switch (errorCode(error) ?? '') {
    case 'EXDEV':
      return 'it is on another file system';
    case 'EMLINK':
      return 'it has as many names as its file system allows';
    case 'EPERM':
    case 'EACCES':
      return 'its file system knows no hard links, or the file belongs to another user';
    case 'ENOTSUP':
    case 'EOPNOTSUPP':
    case 'ENOSYS':
      return 'its file system knows no hard links';
    default:
      return null;
  }
}

/** Asks before anything is changed whether a file can have a second name; leaves none. */
export async function tryShare(folder: Folder, file: string, target: string): Promise<void> {
  await shareFile(folder, file, target);
  await rm(target);
}

// What a file system says that cannot share blocks between these two files.
const noReflink = new Set(['ENOTSUP', 'EOPNOTSUPP', 'EXDEV', 'EINVAL', 'ENOSYS', 'ENOTTY']);

/**
 * Copies a file by sharing its blocks until one of the two is written to.
 * @returns whether the file system can do that; there is no copy otherwise
 */
export async function reflinkFile(file: string, target: string): Promise<boolean> {
  await mkdir(dirname(target), { recursive: true, mode: 0o700 });
  try {
    await copyFile(file, target, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE_FORCE);
  } catch (error) {
    await rm(target, { force: true });
    if (noReflink.has(errorCode(error) ?? '')) return false;
    throw error;
  }
  // The copy is written to, whatever the other one was.
  await chmod(target, 0o600);
  await sync(target);
  return true;
}

/** Copies a small file; shares its blocks where that is possible. */
export async function copySmall(file: string, target: string): Promise<void> {
  await mkdir(dirname(target), { recursive: true, mode: 0o700 });
  await copyFile(file, target, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
  await sync(target);
}

/** Copies the plain files of a folder, such as that of the firmware. There may be no such folder. */
export async function copyFolder(from: string, to: string): Promise<void> {
  for (const entry of await entriesOf(from)) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    // Sockets, locks of a program's own and links are of no use in another folder.
    if (entry.isDirectory()) await copyFolder(source, target);
    else if (entry.isFile()) await copySmall(source, target);
  }
}

async function entriesOf(folder: string) {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  }
}

/** Makes the names in a new folder survive a power cut. */
export async function syncFolders(directory: string): Promise<void> {
  for (const entry of await readdir(directory, { recursive: true, withFileTypes: true }))
    if (entry.isDirectory()) await sync(join(entry.parentPath, entry.name));
  await sync(directory);
}
