// SPDX-License-Identifier: Apache-2.0
import { open } from 'node:fs/promises';
import type { ExportFormat } from '../contract/disk.ts';
import { PhyllomeError } from '../contract/errors.ts';
import type { DiskFormat } from './foreign.ts';
import { qcow2Options } from './create.ts';
import { runQemuImg } from './qemu-img.ts';

/** A disk image that was inspected (foreign.ts): qemu-img believes every header. */
export interface DiskSource {
  file: string;
  format: DiskFormat;
}

export interface Measures {
  /** Size of the guest's disk (bytes) */
  virtualSize: number;
  /** Space that a copy as qcow2 takes (bytes) */
  needed: number;
}

/** @throws PhyllomeError `tool-missing`; `file-unreadable` when qemu-img cannot read it, or another program writes it */
export async function measure({ file, format }: DiskSource): Promise<Measures> {
  const source = ['-f', format, file];
  const info = await runQemuImg(['info', '--output=json', ...source], 'disk', file);
  const size = await runQemuImg(['measure', '--output=json', '-O', 'qcow2', ...source], 'disk', file);
  return {
    virtualSize: (JSON.parse(info) as { 'virtual-size': number })['virtual-size'],
    needed: (JSON.parse(size) as { required: number }).required,
  };
}

export interface Copy {
  source: DiskSource;
  /** Absolute path of the new image; must not exist */
  target: string;
  /** Left out: qcow2 */
  format?: ExportFormat;
  /** What it is to rest on, as its header is to say: what is only there is not copied. Left out: it holds everything */
  backing?: { name: string; format: string };
  /** Size of the guest's disk when it is to be larger than that of the source (bytes) */
  grownTo: number | null;
  signal: AbortSignal;
  onProgress: (fraction: number) => void;
}

/**
 * Copies a disk into a new image; what is empty takes no space. Whoever aborts it removes the target.
 * @throws PhyllomeError `no-space`, `tool-missing`, `file-unreadable`; the reason of the signal
 */
export async function copyDisk({
  source,
  target,
  format = 'qcow2',
  backing,
  grownTo,
  signal,
  onProgress,
}: Copy): Promise<void> {
  // Made first and by us, so that nobody else can read it at any moment.
  await (await open(target, 'wx', 0o600)).close();
  const formats = ['-f', source.format, '-O', format, ...(format === 'qcow2' ? ['-o', qcow2Options] : [])];
  const rests = backing === undefined ? [] : ['-B', backing.name, '-F', backing.format];
  const onOutput = percentIn(onProgress);
  await runQemuImg(['convert', '-p', ...formats, ...rests, source.file, target], 'copy of the disk', target, {
    signal,
    onOutput,
  });
  if (grownTo !== null)
    await runQemuImg(['resize', '-q', '-f', format, target, String(grownTo)], 'copy of the disk', target);
}

/**
 * Compares what two images hold for a guest.
 * @returns whether it is the same
 * @throws PhyllomeError `tool-missing`, `file-unreadable`; the reason of the signal
 */
export async function sameContent(
  one: DiskSource,
  other: DiskSource,
  signal: AbortSignal,
  onProgress: (fraction: number) => void,
): Promise<boolean> {
  const formats = ['-f', one.format, '-F', other.format];
  let different = false;
  const onOutput = (text: string): void => {
    different ||= /mismatch/.test(text);
    percentIn(onProgress)(text);
  };
  try {
    await runQemuImg(['compare', '-p', ...formats, one.file, other.file], 'copy of the disk', other.file, {
      signal,
      onOutput,
    });
    return true;
  } catch (error) {
    if (different) return false;
    throw error;
  }
}

/** What to throw when a copy does not hold what the disk holds. */
export function copyDiffers(file: string): PhyllomeError {
  const reason = 'it differs from the disk; the storage of this PC may be failing';
  return new PhyllomeError('file-unreadable', { what: 'copy of the disk', file, reason });
}

/** Hears the progress in the output of qemu-img. */
export function percentIn(onProgress: (fraction: number) => void): (text: string) => void {
  return (text) => {
    const [percent] = [...text.matchAll(/\((\d+(?:\.\d+)?)\/100%\)/g)]
      .map((match) => Number(match[1]))
      .slice(-1);
    if (percent !== undefined) onProgress(percent / 100);
  };
}
