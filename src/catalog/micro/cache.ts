// SPDX-License-Identifier: Apache-2.0
//
// Root disks that were made, in CACHE/micro/KEY/: the disk, and what its image says about how it wants to be run. A folder
// appears there whole, by a rename, or not at all.
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode } from '../../host/files.ts';
import { processStartTime } from '../../host/identity.ts';
import { workFolder } from '../tiny/cache.ts';
import type { ImageConfig } from './config.ts';

export interface RootDisk {
  /** A squashfs */
  disk: string;
  config: ImageConfig;
  /** It has a shell, which is run when nothing else is said */
  shell: boolean;
}

type Facts = Omit<RootDisk, 'disk'>;

const diskFile = 'root.squashfs';
const factsFile = 'image.json';
// Beyond this (bytes) the disks that were not used for the longest time go.
const mostBytes = 20 * 2 ** 30;

export interface RootDisks {
  /** The disk of this key, or null. Using it keeps it from being swept away. */
  find(key: string): Promise<RootDisk | null>;
  /**
   * Makes it. `build` gets a folder to work in and the name of the disk it has to make there.
   * @returns what is there in the end, ours or that of somebody who was faster
   */
  make(key: string, build: (folder: string, disk: string) => Promise<Facts>): Promise<RootDisk>;
}

/** @param version changes when disks are made in another way: what was made before is then not used */
export function openRootDisks(cacheDirectory: string, version: number): RootDisks {
  const home = join(cacheDirectory, 'micro');
  const folderOf = (key: string): string => join(home, `v${version}-${key}`);

  const find = async (key: string): Promise<RootDisk | null> => {
    const facts = join(folderOf(key), factsFile);
    try {
      const found = JSON.parse(await readFile(facts, 'utf8')) as Facts;
      await utimes(facts, new Date(), new Date());
      return { ...found, disk: join(folderOf(key), diskFile) };
    } catch (error) {
      if (errorCode(error) === 'ENOENT' || error instanceof SyntaxError) return null;
      throw error;
    }
  };

  return {
    find,
    async make(key, build) {
      await mkdir(home, { recursive: true, mode: 0o700 });
      await sweep(home, key);
      const work = await workFolder(folderOf(key));
      try {
        const finished = join(work, 'finished');
        await mkdir(finished);
        const facts = await build(work, join(finished, diskFile));
        await writeFile(join(finished, factsFile), JSON.stringify(facts));
        await rename(finished, folderOf(key)).catch((error: unknown) => {
          if (!['ENOTEMPTY', 'EEXIST'].includes(errorCode(error) ?? '')) throw error;
        });
      } finally {
        await rm(work, { recursive: true, force: true });
      }
      const made = await find(key);
      if (made === null) throw new Error(`${folderOf(key)} vanished while it was being made`);
      return made;
    },
  };
}

/** Removes what processes that are gone left half-made, and the least used disks beyond the limit. */
async function sweep(home: string, keep: string, limit = mostBytes): Promise<void> {
  const finished: { path: string; used: number; bytes: number }[] = [];
  for (const name of await readdir(home)) {
    const path = join(home, name);
    const [, pid, started] = /\.(\d+)-(\d+)-[0-9a-f]+\.partial$/.exec(name) ?? [];
    if (pid !== undefined) {
      if (processStartTime(Number(pid)) !== started) await rm(path, { recursive: true, force: true });
      continue;
    }
    const [facts, disk] = await Promise.all([
      stat(join(path, factsFile)).catch(() => null),
      stat(join(path, diskFile)).catch(() => null),
    ]);
    if (name.endsWith(keep)) continue;
    if (facts === null || disk === null) await rm(path, { recursive: true, force: true });
    else finished.push({ path, used: facts.mtimeMs, bytes: disk.size });
  }
  let total = finished.reduce((sum, { bytes }) => sum + bytes, 0);
  for (const { path, bytes } of finished.toSorted((a, b) => a.used - b.used)) {
    if (total <= limit) return;
    // Machines that use it have a link of their own to it.
    await rm(path, { recursive: true, force: true });
    total -= bytes;
  }
}
