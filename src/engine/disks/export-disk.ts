// SPDX-License-Identifier: Apache-2.0
//
// A copy of a disk for other programs and PCs: one file that holds everything, in the format they read.
import { existsSync } from 'node:fs';
import { link, rename, rm, stat } from 'node:fs/promises';
import { dirname, isAbsolute, resolve, sep } from 'node:path';
import type { DiskExport } from '../../contract/disk.ts';
import { PhyllomeError, reasonOf } from '../../contract/errors.ts';
import type { Task } from '../../contract/task.ts';
import { measure } from '../../disk/convert.ts';
import { spaceOf } from '../../disk/space.ts';
import { errorCode, sync } from '../../host/files.ts';
import { requireSpace } from '../free-space.ts';
import type { StoredMachine } from '../store.ts';
import { findDisk } from './find-disk.ts';
import { inspectDisk } from './fit-image.ts';
import type { DiskParts } from './parts.ts';
import { rewriteImage, temporaryBeside } from './rewrite.ts';

const what = 'exported disk';

/** @throws PhyllomeError `file-exists`, `no-space`, `disk-refused`, `machine-state`, `bad-request`, ... */
export async function exportDisk(
  parts: DiskParts,
  machine: StoredMachine,
  ref: string,
  { file, format }: DiskExport,
): Promise<Task> {
  const found = findDisk(machine, ref);
  const target = await requireTarget(machine, file);
  const hold = await parts.holds.takeFiles(machine, 'have a disk exported', 'having a disk exported');
  try {
    await inspectDisk(machine, found, 'be exported');
    const source = { file: found.path, format: found.disk.format };
    const { needed } = await measure(source);
    await requireSpace(dirname(target), needed, `the ${what}`);
    return parts.tasks.run(`Export ${found.disk.file} of ${machine.name}`, machine.id, async (context) => {
      await using _hold = hold;
      const temporary = temporaryBeside(target);
      await rewriteImage({ source, target: temporary, format, words: found.disk.file }, context);
      await giveName(temporary, target);
      const { allocated, apparent } = await spaceOf([target]);
      return {
        machineId: machine.id,
        outcome: {
          text: `${target} holds all of ${found.disk.file} as ${format}.`,
          facts: { file: target, format, allocated, apparent },
        },
      };
    });
  } catch (error) {
    await hold.release();
    throw error;
  }
}

/** Found out before gigabytes are copied. */
async function requireTarget({ directory }: StoredMachine, given: string): Promise<string> {
  if (!isAbsolute(given) || given.includes('\0'))
    throw new PhyllomeError('bad-request', { reason: `"${given}" is not an absolute path` });
  const file = resolve(given);
  if (`${file}${sep}`.startsWith(directory + sep))
    throw new PhyllomeError('bad-request', {
      reason: 'an export belongs outside of the folder of the machine',
    });
  if (existsSync(file)) throw new PhyllomeError('file-exists', { what, file });
  const folder = dirname(file);
  try {
    if ((await stat(folder)).isDirectory()) return file;
  } catch (error) {
    if (errorCode(error) !== 'ENOENT')
      throw new PhyllomeError('file-unreadable', { what: 'folder', file: folder, reason: reasonOf(error) });
  }
  throw new PhyllomeError('file-missing', { what: 'folder', file: folder });
}

// What file systems say that have no links: FAT, exFAT, some network ones.
const noLinks = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK']);

/** The file gets its name when it is whole, and never in place of another one. */
async function giveName(temporary: string, target: string): Promise<void> {
  try {
    await link(temporary, target);
  } catch (error) {
    if (errorCode(error) === 'EEXIST' || !noLinks.has(errorCode(error) ?? ''))
      throw await failed(temporary, target, error);
    // Nothing better is to be had there than to look first.
    if (existsSync(target)) throw await failed(temporary, target, error);
    await rename(temporary, target);
  } finally {
    await rm(temporary, { force: true });
  }
  await sync(dirname(target));
}

async function failed(temporary: string, file: string, error: unknown): Promise<PhyllomeError> {
  await rm(temporary, { force: true });
  if (existsSync(file)) return new PhyllomeError('file-exists', { what, file }, { cause: error });
  return new PhyllomeError('file-unreadable', { what, file, reason: reasonOf(error) }, { cause: error });
}
