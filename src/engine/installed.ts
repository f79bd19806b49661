// SPDX-License-Identifier: Apache-2.0
import type { DiskTrace } from '../disk/boot-loader.ts';

/** The first disk of a machine at some moment of its run. */
export interface DiskState extends DiskTrace {
  /** Bytes that the guest wrote to it since its VMM started */
  written: number;
}

// Partitioning and formatting a disk writes some MiB, the smallest systems that are installed from a medium about 100.
const leastWritten = 64 * 2 ** 20;

/**
 * Whether a system was installed between two looks at a disk: it can be started now, could not before (or was
 * partitioned anew since), and enough was written to be a system.
 *
 * In doubt it says no. The disk comes before the medium in the boot order anyway, so a medium that stays does no harm,
 * while one that is taken out in the middle of an installation does.
 */
export function wasInstalled(before: DiskState, now: DiskState): boolean {
  if (now.loader === 'none') return false;
  const couldStart = before.loader !== 'none' && before.identity === now.identity;
  return !couldStart && now.written - before.written >= leastWritten;
}
