// SPDX-License-Identifier: Apache-2.0

/** Counters of one thing (a disk, a network card, a process) that only grow as long as it is the same thing. */
export interface Counted {
  id: string;
  values: readonly number[];
}

/** Turns what counters say from time to time into what happens in a second. */
export interface Rates {
  /**
   * @param seconds when the counters were read, on any clock that only goes forward
   * @returns the rates of all things together, one for each of their values; null when they cannot be known: the
   *   first time, and when a counter went back because a guest or a VMM began anew
   */
  next(counted: readonly Counted[], seconds: number): number[] | null;
  /** What comes next has nothing to do with what was before. */
  forget(): void;
}

/** @param columns how many values each thing has */
export function createRates(columns: number): Rates {
  let before: { counted: Map<string, readonly number[]>; seconds: number } | null = null;
  return {
    next(counted, seconds) {
      const last = before;
      before = { counted: new Map(counted.map(({ id, values }) => [id, values])), seconds };
      if (last === null || seconds <= last.seconds) return null;
      const sums = Array.from({ length: columns }, () => 0);
      for (const { id, values } of counted) {
        const old = last.counted.get(id);
        // A thing that came just now: what it counted before we saw it did not happen since the last look.
        if (old === undefined) continue;
        for (const [column, value] of values.entries()) {
          const grown = value - (old[column] ?? 0);
          if (grown < 0) return null;
          sums[column] = (sums[column] ?? 0) + grown;
        }
      }
      return sums.map((sum) => sum / (seconds - last.seconds));
    },
    forget: () => (before = null),
  };
}
