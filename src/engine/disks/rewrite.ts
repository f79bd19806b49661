// SPDX-License-Identifier: Apache-2.0
//
// Writes all that a disk holds into a new image, and compares the two. What is empty takes no space in the new one.
import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { ExportFormat } from '../../contract/disk.ts';
import { copyDiffers, copyDisk, sameContent, type DiskSource } from '../../disk/convert.ts';
import { sync } from '../../host/files.ts';
import type { TaskContext } from '../tasks.ts';

export interface Rewriting {
  source: DiskSource;
  /** Absolute path of the new image; must not exist */
  target: string;
  format: ExportFormat;
  /** It goes on resting on this image, as its header is to name it; left out: it holds everything itself */
  backing?: { name: string; format: string };
  /** For people: "disks/system.qcow2" */
  words: string;
}

/** A hidden name beside a file, which is swept away when the service starts (disk-journal.ts). */
export function temporaryBeside(file: string): string {
  return join(dirname(file), `.${basename(file).slice(0, 60)}.${randomUUID()}.tmp`);
}

/**
 * Leaves nothing when it fails or is aborted.
 * @throws PhyllomeError `no-space`, `tool-missing`, `file-unreadable`, `disk-in-use`; the reason of the signal
 */
export async function rewriteImage(
  { source, target, format, backing, words }: Rewriting,
  { signal, progress }: TaskContext,
): Promise<void> {
  const copying = (fraction: number): void => progress(`Copying ${words}`, fraction);
  const comparing = (fraction: number): void => progress(`Comparing the copy with ${words}`, fraction);
  copying(0);
  try {
    const copy = { source, target, format, grownTo: null, signal, onProgress: copying };
    await copyDisk({ ...copy, ...(backing && { backing }) });
    comparing(0);
    if (!(await sameContent(source, { file: target, format }, signal, comparing))) throw copyDiffers(target);
    progress('Storing it safely', null);
    await sync(target);
    signal.throwIfAborted();
  } catch (error) {
    await rm(target, { force: true });
    throw error;
  }
}
