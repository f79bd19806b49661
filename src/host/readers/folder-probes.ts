// SPDX-License-Identifier: Apache-2.0
import { constants, copyFile, mkdtemp, rm, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode } from '../files.ts';
import type { FolderProbes } from './storage.ts';

/** Asks this PC. */
export const livingFolders: FolderProbes = {
  async space(folder) {
    try {
      const { bsize, blocks, bavail } = await statfs(folder);
      return { totalBytes: bsize * blocks, freeBytes: bsize * bavail };
    } catch {
      // A folder that vanished, or may not be looked at: its size stays unknown.
      return null;
    }
  },

  async reflink(folder) {
    let directory: string;
    try {
      directory = await mkdtemp(join(folder, '.reflink-'));
    } catch {
      // Read-only, full or not ours: nothing can be tried there.
      return null;
    }
    try {
      await writeFile(join(directory, 'a'), Buffer.alloc(4096));
      await copyFile(join(directory, 'a'), join(directory, 'b'), constants.COPYFILE_FICLONE_FORCE);
      return true;
    } catch (error) {
      const code = errorCode(error);
      return code === 'ENOSPC' || code === 'EDQUOT' || code === 'EIO' ? null : false;
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  },
};

/** For a recorded PC, whose disks are not here. */
export const recordedFolders: FolderProbes = {
  space: () => Promise.resolve(null),
  reflink: () => Promise.resolve(null),
};
