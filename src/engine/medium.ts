// SPDX-License-Identifier: Apache-2.0
//
// A file of this PC from which a machine is to be made. Everything that can be wrong with it is found here, before
// anything is made.
import { constants } from 'node:fs';
import { access, stat, type FileHandle } from 'node:fs/promises';
import { basename, isAbsolute, resolve } from 'node:path';
import type { Body } from '../contract/api.ts';
import { PhyllomeError, reasonOf } from '../contract/errors.ts';
import { formatSize } from '../contract/size.ts';
import { imageChain } from '../disk/chain.ts';
import { measure, type DiskSource } from '../disk/convert.ts';
import { requireSelfContained, type DiskFormat } from '../disk/foreign.ts';
import { locate } from '../disk/locate.ts';
import { sniffHandle } from '../disk/sniff-image.ts';
import { openRegularFile } from '../disk/regular-file.ts';
import { errorCode } from '../host/files.ts';
import { requireSpace } from './free-space.ts';
import type { StoredMachine } from './store.ts';

export type MediumRequest = NonNullable<Body<'createMachine'>['medium']>;

/** A medium that was found fit for its use. */
export type Medium =
  | { use: 'install'; file: string; diskSize: number }
  | { use: 'copy-disk'; source: DiskSource; diskSize: number; grown: boolean; bytes: number }
  | { use: 'use-disk'; file: string; format: 'qcow2' | 'raw' };

export interface MediumSurroundings {
  /** Folder in which the machine will be: a copy has to fit there */
  machines: string;
  /** Every machine there is, also those in the bin */
  others(): Promise<StoredMachine[]>;
}

const GiB = 2 ** 30;
// Room for any desktop system; it only takes what the guest writes.
const defaultDiskSize = 64 * GiB;

/**
 * @throws PhyllomeError `bad-request`, `file-missing`, `file-unreadable`, `medium-unsuitable`, `disk-damaged`,
 *   `disk-outside`, `disk-in-use`, `disk-used`, `disk-too-small`, `no-space`, `tool-missing`
 */
export async function examineMedium(
  { file: given, use, diskSize }: MediumRequest,
  surroundings: MediumSurroundings,
): Promise<Medium> {
  if (!isAbsolute(given))
    throw new PhyllomeError('bad-request', { reason: `"${given}" is not an absolute path` });
  const file = resolve(given);
  await using handle = await openRegularFile('medium', file, explain);
  if (use === 'install') {
    await requireIso(handle, file);
    return { use, file, diskSize: diskSize ?? defaultDiskSize };
  }
  const source: DiskSource = { file, format: await diskFormat(handle, file) };
  await requireSelfContained(handle, file, source.format);
  if (use === 'copy-disk') {
    const { virtualSize, needed } = await measure(source);
    if (diskSize !== undefined && diskSize < virtualSize)
      throw new PhyllomeError('disk-too-small', {
        file,
        size: formatSize(virtualSize),
        wanted: formatSize(diskSize),
      });
    await requireSpace(surroundings.machines, needed, `the copy of ${basename(file)}`);
    const size = diskSize ?? virtualSize;
    return { use, source, diskSize: size, grown: size > virtualSize, bytes: needed };
  }
  if (diskSize !== undefined)
    throw new PhyllomeError('bad-request', { reason: 'a disk that is used in place keeps its size' });
  const { format } = source;
  if (format !== 'qcow2' && format !== 'raw')
    throw unsuitable(
      file,
      disk,
      `a machine cannot write the format ${format}`,
      'Make a copy of it (copy-disk).',
    );
  await requireWritable(file);
  await requireUnused(file, await surroundings.others());
  return { use, file, format };
}

const disk = 'the disk of a machine';

/** An ISO image that a drive can take. @throws PhyllomeError `file-missing`, `file-unreadable`, `medium-unsuitable` */
export async function requireIsoFile(file: string): Promise<void> {
  await using handle = await openRegularFile('medium', file, explain);
  await requireIso(handle, file);
}

async function requireIso(handle: FileHandle, file: string): Promise<void> {
  const { format, found } = await sniffHandle(handle);
  if (format === 'iso') return;
  const next =
    format === 'unknown'
      ? 'Installation media are ISO images.'
      : 'Make a machine from it instead: "phyllome create NAME --disk FILE".';
  throw unsuitable(file, 'an installation medium', `it is ${found}`, next);
}

async function diskFormat(handle: FileHandle, file: string): Promise<DiskFormat> {
  const { format, found } = await sniffHandle(handle);
  if (format === 'iso')
    throw unsuitable(
      file,
      disk,
      `it is ${found}`,
      'Install from it instead: "phyllome create NAME --iso FILE".',
    );
  if (format === 'unknown')
    throw unsuitable(
      file,
      disk,
      `it is ${found}`,
      'Known are qcow2, VMDK, VDI, VHDX, and raw disks with a partition table.',
    );
  return format;
}

async function requireWritable(file: string): Promise<void> {
  try {
    await access(file, constants.W_OK);
  } catch (error) {
    throw explain(file, error);
  }
}

/** Links make that one file has several names, so files are compared rather than names. */
async function requireUnused(file: string, machines: readonly StoredMachine[]): Promise<void> {
  const wanted = await identityOf(file);
  const users: string[] = [];
  for (const { name, directory, definition } of machines) {
    const files = (definition?.disks ?? []).map((used) => locate(directory, used.file));
    const chains = (await Promise.all(files.map(imageChain))).flat();
    const found = await Promise.all(chains.map(identityOf));
    if (found.includes(wanted)) users.push(name);
  }
  if (users.length > 0) throw new PhyllomeError('disk-used', { file, machines: users });
}

async function identityOf(file: string): Promise<string> {
  try {
    const { dev, ino } = await stat(file, { bigint: true });
    return `${dev}:${ino}`;
  } catch {
    // One that is not there is nobody's.
    return file;
  }
}

function unsuitable(file: string, use: string, reason: string, next: string): PhyllomeError {
  return new PhyllomeError('medium-unsuitable', { file, use, reason, next });
}

function explain(file: string, error: unknown): PhyllomeError {
  const code = errorCode(error);
  const what = 'medium';
  if (code === 'ENOENT' || code === 'ENOTDIR')
    return new PhyllomeError('file-missing', { what, file }, { cause: error });
  const reason = code === 'EACCES' ? 'you may not read or write it' : reasonOf(error);
  return new PhyllomeError('file-unreadable', { what, file, reason }, { cause: error });
}
