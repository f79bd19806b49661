// SPDX-License-Identifier: Apache-2.0
import type { Budget } from '../../../contract/budget.ts';

const MiB = 2 ** 20;
const GiB = 2 ** 30;

export interface MemoryScale {
  /** The slider's ends and step, in bytes */
  least: number;
  most: number;
  step: number;
  /** What this machine may have beside the others that run now */
  free: number;
}

/** A slider for memory that reaches as far as guests may go on this PC; what is beyond can still be typed. */
export function memoryScale(budget: Budget, machineId: string): MemoryScale {
  const { memoryBytes: guests } = budget.guests;
  const step = guests > 32 * GiB ? 512 * MiB : guests > 8 * GiB ? 256 * MiB : 64 * MiB;
  // When it runs itself, what it has is its own to keep.
  const own = budget.claims.find((claim) => claim.machineId === machineId)?.memoryBytes ?? 0;
  return { least: step, most: guests - (guests % step), step, free: budget.free.memoryBytes + own };
}
