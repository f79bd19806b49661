// SPDX-License-Identifier: Apache-2.0
import type { Ending, ProcessExit } from '../driver.ts';

/** With --extended-status; from src/main.rs. Anything else is a mistake of its arguments (35) or of its own (1). */
const endings = new Map<number, Ending | null>([
  [0, 'shut-down'],
  [32, 'reset'],
  // A virtual processor of it crashed.
  [33, null],
  [34, 'panicked'],
  // A guest that stopped answering its watchdog: what a watchdog does is press the reset button.
  [36, 'reset'],
]);

/** The last thing that it says, on standard error, at the level info. */
const lastWords: Readonly<Record<string, Ending | null>> = {
  success: 'shut-down',
  reset: 'reset',
  crash: null,
  'guest panic': 'panicked',
  'watchdog reset': 'reset',
};

/** What it says when its guest ends, before it waits for its devices. */
const guestWords: readonly [RegExp, Ending | null][] = [
  [/\] guest panic event$/, 'panicked'],
  [/\] vcpu requested shutdown$/, 'shut-down'],
  [/\] vcpu requested reset$/, 'reset'],
  [/\] vcpu stall detected$/, 'reset'],
];

/**
 * What an end of crosvm means that nobody asked for. A device that does not end within a second makes it kill its
 * whole process group, itself included; what it said of its guest before that counts.
 */
export function ending(exit: ProcessExit | null, words: readonly string[]): Ending | null {
  if (exit !== null && exit.code !== null) return endings.get(exit.code) ?? null;
  const last = words.at(-1) ?? '';
  // An earlier run of the machine may have left the same words further up.
  const said = /\] exiting with ([a-z ]+)$/.exec(last)?.[1];
  if (said !== undefined) return lastWords[said] ?? null;
  if (!last.endsWith('not all child processes have exited; sending SIGKILL')) return null;
  const about = words.findLast((line) => guestWords.some(([pattern]) => pattern.test(line))) ?? '';
  return guestWords.find(([pattern]) => pattern.test(about))?.[1] ?? null;
}
