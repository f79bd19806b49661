// SPDX-License-Identifier: Apache-2.0
//
// What a machine is besides its disks: small files of its folder that a backup copies as they are.
import { constants } from 'node:fs';
import { chmod, copyFile, link, lstat, mkdir, readdir, readFile } from 'node:fs/promises';
import { dirname, isAbsolute, join } from 'node:path';
import type { Disk, MachineDefinition } from '../../contract/machine.ts';
import { machineFiles } from '../../contract/paths.ts';
import { errorCode } from '../../host/files.ts';
import { isInside } from './backup-record.ts';

/** The disks that a backup has, with their index. A whole device of this PC is no file that could be put back. */
export function imagesOf({ disks }: MachineDefinition): { index: number; disk: Disk }[] {
  return [...disks.entries()].map(([index, disk]) => ({ index, disk })).filter(({ disk }) => !isDevice(disk));
}

export const isDevice = ({ file, device }: Disk): boolean => device !== undefined || file.startsWith('/dev/');

/** Files and folders of the machine that a backup has, by their names in the machine's folder. */
export function partsOf({ boot, removable, disks }: MachineDefinition): string[] {
  const folders = [machineFiles.firmware, machineFiles.tpm, machineFiles.kernel];
  const kernels = boot.type === 'kernel' ? [boot.kernel, boot.initrd] : [];
  const named = [...kernels, ...removable.map(({ file }) => file)].filter(
    (file) => file !== undefined && !isAbsolute(file),
  ) as string[];
  const images = new Set(disks.map(({ file }) => file));
  const inFolder = (file: string): boolean => folders.some((folder) => file.startsWith(`${folder}/`));
  return [...new Set([...folders, ...named])].filter(
    (file) => isInside(file) && !inFolder(file) && !images.has(file),
  );
}

/**
 * Copies those of the parts that are there. Sockets and links are left out: they mean something only where they are.
 * @param same a folder with copies from before: a file that has not changed becomes another name of that one
 * @returns what was copied
 */
export async function copyParts(
  parts: readonly string[],
  from: readonly string[],
  to: string,
  same: string | null = null,
): Promise<string[]> {
  const copied: string[] = [];
  for (const part of parts) {
    const source = await firstOf(from.map((folder) => join(folder, part)));
    if (source === null) continue;
    await mkdir(dirname(join(to, part)), { recursive: true, mode: 0o700 });
    await copyPlain(source, join(to, part), same === null ? null : join(same, part));
    copied.push(part);
  }
  return copied;
}

async function copyPlain(source: string, target: string, same: string | null): Promise<void> {
  if ((await lstat(source)).isDirectory()) {
    await mkdir(target, { mode: 0o700 });
    for (const name of await readdir(source)) {
      const [from, to] = [join(source, name), join(target, name)];
      if (await isPlain(from)) await copyPlain(from, to, same === null ? null : join(same, name));
    }
    return;
  }
  if (same !== null && (await holdTheSame(source, same)) && (await linked(same, target))) return;
  await copyFile(source, target, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
  await chmod(target, 0o600);
}

/** Kernels have some 20 MB, TPMs and UEFI variables less. */
async function holdTheSame(one: string, other: string): Promise<boolean> {
  if (!(await isPlain(other))) return false;
  const [a, b] = await Promise.all([lstat(one), lstat(other)]);
  if (!b.isFile() || a.size !== b.size) return false;
  return (await readFile(one)).equals(await readFile(other));
}

/** @returns false where the file system has no hard links, or no more of them */
async function linked(file: string, target: string): Promise<boolean> {
  try {
    await link(file, target);
    return true;
  } catch (error) {
    if (['EPERM', 'ENOTSUP', 'EMLINK', 'ENOSYS'].includes(errorCode(error) ?? '')) return false;
    throw error;
  }
}

async function firstOf(files: readonly string[]): Promise<string | null> {
  for (const file of files) if (await isPlain(file)) return file;
  return null;
}

async function isPlain(file: string): Promise<boolean> {
  try {
    const found = await lstat(file);
    return found.isFile() || found.isDirectory();
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false;
    throw error;
  }
}
