// SPDX-License-Identifier: Apache-2.0
import { statfs, stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { PhyllomeError } from '../../../contract/errors.ts';
import { roundSize } from '../../../contract/size.ts';
import type { OsSlot } from '../../../contract/os.ts';
import type { Kernels } from '../slots/read-slots.ts';

export interface RoomParts {
  version: string;
  runs: string;
  slots: readonly OsSlot[];
  kernels: Kernels;
  /** Size of the new kernel (bytes); null when nobody knows it before */
  bytes: number | null;
}

/**
 * Refuses an update that cannot fit. The kernel that makes room is taken into account. What shows only while it is loaded
 * (a /usr that is larger than its slot) systemd-sysupdate refuses, and nothing has changed by then.
 * @throws PhyllomeError `os-update-too-large`
 */
export async function requireRoom({ version, runs, slots, kernels, bytes }: RoomParts): Promise<void> {
  if (slots.length < 2)
    throw new PhyllomeError('os-update-too-large', {
      version,
      needs: 'a second place for a system',
      place: 'the disk',
      has: 'only one',
      next: 'Install Phyllome OS to a disk with more room: "phyllome os install" of a live medium.',
    });
  if (bytes === null) return;
  const { bavail, bsize } = await statfs(kernels.folder);
  const freed = kernels.kernels.filter((one) => one.version !== runs);
  const has = bavail * bsize + freed.reduce((sum, one) => sum + one.bytes, 0);
  if (has >= bytes) return;
  throw new PhyllomeError('os-update-too-large', {
    version,
    needs: roundSize(bytes),
    place: 'the boot partition',
    has: roundSize(has, 'down'),
    next: 'Remove what is not from Phyllome from the boot partition (EFI/), then try again.',
  });
}

/** The size of a file of an update, without reading it; null when that cannot be known. */
export async function sizeOf(folder: string, name: string, signal: AbortSignal): Promise<number | null> {
  const url = new URL(name, folder.endsWith('/') ? folder : `${folder}/`);
  if (url.protocol === 'file:') return (await stat(fileURLToPath(url)).catch(() => null))?.size ?? null;
  const answer = await fetch(url, { method: 'HEAD', signal }).catch(() => null);
  signal.throwIfAborted();
  const length =
    answer?.ok === true ? Number(answer.headers.get('content-length') ?? Number.NaN) : Number.NaN;
  return Number.isSafeInteger(length) ? length : null;
}
