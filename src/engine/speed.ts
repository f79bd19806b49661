// SPDX-License-Identifier: Apache-2.0

// Over how long the speed is measured (ms): long enough to be calm, short enough to show a network that got slow.
const span = 5000;
// Less than this (ms) says nothing yet: the first bytes often come out of a buffer.
const shortest = 500;

export interface Speed {
  /** Notes how many bytes are done by now. A smaller number than before means that the work began anew. */
  note(done: number): void;
  /** Bytes a second over the last seconds, up to this moment; null before that can be known */
  perSecond(): number | null;
}

/** @param now a clock that never goes back (ms), e.g. `performance.now` */
export function createSpeed(now: () => number): Speed {
  let notes: { at: number; done: number }[] = [];

  return {
    note(done) {
      const at = now();
      const last = notes.at(-1);
      if (last !== undefined && done < last.done) notes = [];
      notes.push({ at, done });
      // The last one before the span stays: it says what was done when the span began.
      while ((notes[1]?.at ?? at) <= at - span) notes.shift();
    },
    perSecond() {
      const [first] = notes;
      const last = notes.at(-1);
      if (first === undefined || last === undefined) return null;
      const elapsed = now() - first.at;
      return elapsed < shortest ? null : Math.round(((last.done - first.done) * 1000) / elapsed);
    },
  };
}

/** Whole seconds until `total` bytes are done at this speed; null when that cannot be known. */
export function secondsLeft(done: number, total: number | null, perSecond: number | null): number | null {
  if (total === null || perSecond === null || perSecond === 0) return null;
  return Math.max(0, Math.ceil((total - done) / perSecond));
}
