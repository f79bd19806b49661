// SPDX-License-Identifier: Apache-2.0
import type { LoadHistory, LoadSample } from '../contract/load.ts';
import type { PhyllomeEvent } from '../contract/event.ts';
import type { HistoryFile, MachineEvent } from './history-file.ts';
import { columnsOf, createRollup, spanOf } from './load-rollup.ts';

/** What happened to machines and what they did, kept beyond the life of the service. */
export interface History {
  addSample(seconds: number, machineId: string, sample: LoadSample): void;
  /** Keeps events about machines; an erased machine takes its past with it. */
  addEvent(event: PhyllomeEvent): void;
  /** The last `seconds` in at most `points` entries */
  load(machineId: string, seconds: number, points: number): Omit<LoadHistory, 'notes'>;
  /** Newest first */
  events(machineId: string, limit: number, before?: number): MachineEvent[];
  /** Writes what is not written yet. */
  close(): void;
}

// Samples go to the disk together, so that one that sleeps is woken once a minute at most (ms). Events are rare,
// and what happened just before a crash of the PC is what one wants to know.
const sampleDelay = 60_000;
const eventDelay = 1000;
// Events that cannot be written are kept in memory up to this many.
const mostEvents = 5000;

export function createHistory(file: HistoryFile, now = Date.now): History {
  const rollup = createRollup();
  let unwritten: MachineEvent[] = [];
  let timer: { at: number; handle: NodeJS.Timeout } | null = null;
  // Rows that were taken, and then could not be written.
  let refused: ReturnType<typeof rollup.take> = [];

  const flush = (all = false): void => {
    if (timer !== null) clearTimeout(timer.handle);
    timer = null;
    const rows = [...refused, ...rollup.take(all)].slice(-mostRefused);
    const events = unwritten;
    if (rows.length === 0 && events.length === 0) return;
    if (file.write(rows, events)) {
      refused = [];
      unwritten = [];
    } else {
      refused = rows;
      unwritten = events.slice(-mostEvents);
      flushWithin(sampleDelay);
    }
  };
  const flushWithin = (milliseconds: number): void => {
    const at = now() + milliseconds;
    if (timer !== null && timer.at <= at) return;
    if (timer !== null) clearTimeout(timer.handle);
    timer = { at, handle: setTimeout(() => flush(), milliseconds).unref() };
  };

  const forget = (machineId: string): void => {
    rollup.forget(machineId);
    refused = refused.filter((row) => row.machineId !== machineId);
    unwritten = unwritten.filter((event) => event.machineId !== machineId);
    file.forget(machineId);
  };

  return {
    addSample(seconds, machineId, sample) {
      rollup.add(seconds, machineId, sample);
      flushWithin(sampleDelay);
    },
    addEvent(event) {
      if (!('machineId' in event)) return;
      if (event.type === 'machine.erased') return forget(event.machineId);
      unwritten.push(event);
      flushWithin(eventDelay);
    },
    load(machineId, seconds, points) {
      const span = spanOf(Math.floor(now() / 1000), seconds, points);
      const fresh = [...refused, ...rollup.rowsOf(machineId)].filter(
        (row) => row.machineId === machineId && row.step === span.step,
      );
      return columnsOf([...file.rows(machineId, span.step, span.from), ...fresh], span);
    },
    events(machineId, limit, before = Number.MAX_SAFE_INTEGER) {
      const fresh = unwritten
        .filter((event) => event.machineId === machineId && event.id < before)
        .toReversed();
      return [...fresh, ...file.events(machineId, limit, before)].slice(0, limit);
    },
    close() {
      flush(true);
      if (timer !== null) clearTimeout(timer.handle);
      file.close();
    },
  };
}

// As many as `createRollup` keeps.
const mostRefused = 10_000;
