// SPDX-License-Identifier: Apache-2.0
//
// Images that rest on each other. Each function leaves what a guest sees in every image as it was, at every moment, also
// when it is killed: that is what snapshots and clones are built on (each was tried with the real qemu-img, see the model
// test of engine/snapshots).
import { open } from 'node:fs/promises';
import { basename, dirname, relative } from 'node:path';
import { sync } from '../host/files.ts';
import { qcow2Options } from './create.ts';
import type { DiskKey } from './disk-key.ts';
import { isEncrypted, luksOptions } from './encrypted-image.ts';
import { makeNewFile } from './new-file.ts';
import { runQemuImg, type QemuImgOptions } from './qemu-img.ts';

/** An image and what it is; formats are never guessed. */
export interface ImageFile {
  /** Absolute path */
  file: string;
  format: 'qcow2' | 'raw';
}

/**
 * Makes an empty qcow2 image over another one. It names that one relative to itself, so both can move together.
 * @param size of the guest's disk (bytes), for an image that a VMM writes to at this moment; left out: that of the other
 * @param key of the machine, when the other one is encrypted: what is written over it is so, too
 * @throws PhyllomeError `file-exists`, `no-space`, `tool-missing`, `disk-in-use`, `file-unreadable`
 */
export async function createOverlay(
  file: string,
  backing: ImageFile,
  size?: number,
  key: DiskKey | null = null,
): Promise<void> {
  if (key === null && (await isEncrypted(backing.file)))
    throw new Error(`${file} would hold in clear what ${backing.file} encrypts`);
  await makeNewFile('disk', file, async (temporary) => {
    // Made by us, so that nobody else can read it at any moment.
    await (await open(temporary, 'wx', 0o600)).close();
    const rests = ['-b', nameFrom(file, backing.file), '-F', backing.format];
    // Whoever knows the size need not open the other image.
    const known = size === undefined ? [] : ['-u'];
    const options = key === null ? qcow2Options : `${qcow2Options},${luksOptions}`;
    const parameters = ['create', '-q', '-f', 'qcow2', '-o', options, ...known, ...rests, temporary];
    await runQemuImg([...parameters, ...(size === undefined ? [] : [String(size)])], 'disk', file, { key });
  });
}

/**
 * Writes all that an image holds into the one it rests on, which then shows the same. Only for a lower image that nothing
 * else rests on. Doing it again changes nothing.
 * @throws PhyllomeError `no-space`, `tool-missing`, `disk-in-use`, `file-unreadable`; the reason of the signal
 */
export async function commitDown({ file, format }: ImageFile, options: QemuImgOptions = {}): Promise<void> {
  // -d: the upper image is not emptied, so that it shows the same until the end, too.
  await runQemuImg(['commit', '-p', '-d', '-f', format, file], 'merge of two disk layers', file, options);
}

/**
 * Lets an image rest on another one, or on nothing (null): whatever would then be missing is copied into it first.
 * @throws PhyllomeError as `commitDown`
 */
export async function rebaseOnto(
  file: string,
  backing: ImageFile | null,
  options: QemuImgOptions = {},
): Promise<void> {
  const rests = backing === null ? ['-b', ''] : ['-b', nameFrom(file, backing.file), '-F', backing.format];
  await runQemuImg(
    ['rebase', '-p', '-f', 'qcow2', ...rests, file],
    'merge of two disk layers',
    file,
    options,
  );
  await sync(file);
}

/**
 * Lets an image rest on another one that shows the same as the one it rests on now; copies nothing.
 * @throws PhyllomeError as `commitDown`
 */
export async function repoint(file: string, backing: ImageFile): Promise<void> {
  const rests = ['-b', nameFrom(file, backing.file), '-F', backing.format];
  await runQemuImg(['rebase', '-u', '-f', 'qcow2', ...rests, file], 'disk', file);
  await sync(file);
}

/** The name of an image as another one has it in its header. qemu-img would take "a:b" for a protocol. */
function nameFrom(file: string, backing: string): string {
  const name = relative(dirname(file), backing);
  return name.includes(':') && name === basename(name) ? `./${name}` : name;
}
