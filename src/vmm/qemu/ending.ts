// SPDX-License-Identifier: Apache-2.0
import type { Ending, ProcessExit } from '../driver.ts';

/**
 * QEMU outlives its guest, so its end usually is a crash. The exception is the board for RISC-V: until QEMU 8.0 a guest
 * that powers off there ends the whole process, with code 0 and without a word. So does a signal, but that is in the log.
 */
export function ending(exit: ProcessExit | null, words: readonly string[]): Ending | null {
  if (exit?.code !== 0 || words.some((line) => line.includes('terminating on signal'))) return null;
  return 'shut-down';
}
