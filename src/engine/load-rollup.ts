// SPDX-License-Identifier: Apache-2.0
//
// The history of a machine's load in two grains: fine for the last hours, coarse for the last day. Pure.
import { loadFigures, type LoadHistory, type LoadSample } from '../contract/load.ts';

/** Means over some seconds. */
export interface LoadRow {
  machineId: string;
  /** How many seconds it stands for */
  step: number;
  /** When they begin, in seconds since 1970; a multiple of `step` */
  time: number;
  /** How many samples it is made of: its weight when two rows of the same time become one */
  samples: number;
  figures: LoadSample;
}

/** The grains that are kept, and for how long (all in seconds). */
export const grains = [
  { step: 10, kept: 2 * 3600 },
  { step: 60, kept: 24 * 3600 },
] as const;

export interface Rollup {
  add(seconds: number, machineId: string, sample: LoadSample): void;
  /** Rows that get no more samples, each given once; with `all` also those that still could. */
  take(all?: boolean): LoadRow[];
  /** What a machine has and nobody took yet */
  rowsOf(machineId: string): LoadRow[];
  forget(machineId: string): void;
}

// Rows that nobody takes (the disk is full) are kept in memory up to this many: two hours of ten machines.
const mostRows = 10_000;

export function createRollup(): Rollup {
  const open = new Map<string, LoadRow>();
  let finished: LoadRow[] = [];
  return {
    add(seconds, machineId, sample) {
      for (const { step } of grains) {
        const key = `${step} ${machineId}`;
        const time = seconds - (seconds % step);
        const row = { machineId, step, time, samples: 1, figures: sample };
        const before = open.get(key);
        if (before?.time === time) open.set(key, mergeRows(before, row));
        else {
          if (before !== undefined) finished.push(before);
          open.set(key, row);
        }
      }
      if (finished.length > mostRows) finished = finished.slice(-mostRows);
    },
    take(all = false) {
      const rows = all ? [...finished, ...open.values()] : finished;
      finished = [];
      if (all) open.clear();
      return rows;
    },
    rowsOf: (machineId) => [...finished, ...open.values()].filter((row) => row.machineId === machineId),
    forget(machineId) {
      finished = finished.filter((row) => row.machineId !== machineId);
      for (const [key, row] of open) if (row.machineId === machineId) open.delete(key);
    },
  };
}

/** Two rows as one: each figure is the mean over those samples of which it is known. */
export function mergeRows(one: LoadRow, other: LoadRow): LoadRow {
  const figures = { ...one.figures };
  for (const figure of loadFigures) {
    const [a, b] = [one.figures[figure], other.figures[figure]];
    if (a === null || b === null) figures[figure] = a ?? b;
    else figures[figure] = (a * one.samples + b * other.samples) / (one.samples + other.samples);
  }
  return { ...one, samples: one.samples + other.samples, figures };
}

export interface Span {
  /** The grain to read */
  step: number;
  /** Beginning of the first entry, seconds since 1970 */
  from: number;
  /** Seconds an entry stands for: a multiple of `step` */
  entry: number;
  entries: number;
}

/** What to read for the last `seconds` until `now` in at most `points` entries. */
export function spanOf(now: number, seconds: number, points: number): Span {
  const { step } = grains.find(({ kept }) => seconds <= kept) ?? grains[1];
  const entry = Math.max(1, Math.ceil(seconds / points / step)) * step;
  const entries = Math.min(points, Math.ceil(seconds / entry));
  return { step, entry, entries, from: (Math.floor(now / entry) - entries + 1) * entry };
}

/** Rows, in any order, as columns that plots want; entries without a row are null. */
export function columnsOf(
  rows: readonly LoadRow[],
  { from, entry, entries }: Span,
): Omit<LoadHistory, 'notes'> {
  const merged = new Map<number, LoadRow>();
  for (const row of rows) {
    const index = Math.floor((row.time - from) / entry);
    const before = merged.get(index);
    merged.set(index, before === undefined ? row : mergeRows(before, row));
  }
  // The present entry may be too young to have a sample; that is no gap.
  const count = merged.has(entries - 1) ? entries : entries - 1;
  const column = (figure: keyof LoadSample) =>
    Array.from({ length: count }, (_, index) => merged.get(index)?.figures[figure] ?? null);
  return {
    step: entry,
    time: Array.from({ length: count }, (_, index) => from + index * entry),
    cpu: column('cpu'),
    memory: column('memory'),
    diskRead: column('diskRead'),
    diskWrite: column('diskWrite'),
    networkReceive: column('networkReceive'),
    networkSend: column('networkSend'),
  };
}
