// SPDX-License-Identifier: Apache-2.0
import type { Ending, ProcessExit } from '../driver.ts';

// How each of its logs begins, and what it says last when all is well.
const begins = 'Running Firecracker v';
const ended = 'Firecracker exiting successfully';
// 1.13 and 1.14 end a triple fault in good order, too; later ones with an error.
const tripleFault = 'KVM_EXIT_SHUTDOWN';
// What ARM guests ask of their board (KVM_SYSTEM_EVENT_SHUTDOWN is 1, ..._RESET is 2).
const systemEvent = /KVM_SYSTEM_EVENT: type: (\d)/;

/**
 * It never begins a guest anew: it ends. On x86 the only way for a guest to end it in order is a reset (a guest that
 * powers off leaves it, see guest-off.ts); on ARM its log says what the guest asked for.
 */
export function ending(exit: ProcessExit | null, words: readonly string[]): Ending | null {
  const run = words.slice(words.findLastIndex((line) => line.includes(begins)) + 1);
  const orderly = exit === null ? run.some((line) => line.includes(ended)) : exit.code === 0;
  if (!orderly || run.some((line) => line.includes(tripleFault))) return null;
  const asked = run.map((line) => systemEvent.exec(line)?.[1]).findLast((type) => type !== undefined);
  return asked === '1' ? 'shut-down' : 'reset';
}
