// SPDX-License-Identifier: Apache-2.0
//
// The files behind the disks of an emulated PC.
import { execFile } from 'node:child_process';
import { open, rm, truncate } from 'node:fs/promises';
import { promisify } from 'node:util';
import type { Tools } from './tools.ts';

const call = promisify(execFile);

/** A disk as it comes from the shop. */
export async function emptyDisk(file: string, mebibytes: number): Promise<string> {
  await rm(file, { force: true });
  await (await open(file, 'w')).close();
  await truncate(file, mebibytes * 2 ** 20);
  return file;
}

/** What is written goes to `file`; `base` stays as it is, so that an image serves many PCs. */
export async function overlay(
  tools: Tools,
  base: string,
  format: 'raw' | 'qcow2',
  file: string,
  mebibytes?: number,
) {
  await rm(file, { force: true });
  const size = mebibytes === undefined ? [] : [`${mebibytes}M`];
  await tools.run('qemu-img', 'create', '-q', '-f', 'qcow2', '-b', base, '-F', format, file, ...size);
  return file;
}

/** A disk of its own with the content of an image. */
export async function copyDisk(image: string, file: string): Promise<string> {
  await call('cp', ['--sparse=always', '--reflink=auto', image, file]);
  return file;
}

/** A disk that holds the files of a folder as a tar archive from its first byte on: `tar -x </dev/...` unpacks it. */
export async function cargoDisk(file: string, folder: string): Promise<string> {
  await call('tar', ['--create', '--sparse', '--file', file, '--directory', folder, '.']);
  return file;
}
