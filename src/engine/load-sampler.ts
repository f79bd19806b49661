// SPDX-License-Identifier: Apache-2.0
//
// Looks at all running machines: every two seconds while somebody watches, every ten for the history, and never
// while none runs.
import type { LoadReport, LoadSample } from '../contract/load.ts';
import type { LoadMeter } from './load-meter.ts';

/** How often machines are looked at (ms): what the API promises to watchers, and one entry of the history. */
const watchedInterval = 2000;
const unwatchedInterval = 10_000;
// How long a look waits for answers (ms); well below the interval, so that looks never overlap.
const patience = 1000;

export interface MeteredMachine {
  id: string;
  meter: LoadMeter;
}

export interface LoadSamplerParts {
  /** The machines that run now */
  machines(): MeteredMachine[];
  /** Gets what every look found */
  record(seconds: number, machineId: string, sample: LoadSample): void;
  now?: () => Date;
}

export interface LoadSampler {
  /** Calls `listener` with a report at once, and then every two seconds while machines run. @returns ends it */
  watch(listener: (report: LoadReport) => void): () => void;
  /** To be called when a machine began or ceased to run. */
  machinesChanged(): void;
  close(): void;
}

export function createLoadSampler({
  machines,
  record,
  now = () => new Date(),
}: LoadSamplerParts): LoadSampler {
  const watchers = new Set<(report: LoadReport) => void>();
  let timer: NodeJS.Timeout | null = null;
  let looking = false;
  let closed = false;
  let last: { report: LoadReport; at: number } | null = null;

  const interval = (): number => (watchers.size > 0 ? watchedInterval : unwatchedInterval);

  const tell = (report: LoadReport): void => {
    last = { report, at: now().getTime() };
    for (const watcher of watchers) watcher(report);
  };

  /** A report that is true of now: of late, and about the machines that run. null: somebody has to look first. */
  const freshReport = (): LoadReport | null => {
    const ids = machines().map(({ id }) => id);
    if (ids.length === 0) return { time: now().toISOString(), machines: [] };
    if (last === null || now().getTime() - last.at > unwatchedInterval) return null;
    const told = last.report.machines.map(({ machineId }) => machineId);
    return ids.length === told.length && ids.every((id) => told.includes(id)) ? last.report : null;
  };

  const lookAtAll = async (): Promise<void> => {
    looking = true;
    const { promise: over, resolve: enough } = Promise.withResolvers<void>();
    const limit = setTimeout(enough, patience).unref();
    const time = now();
    const gap = interval();
    try {
      const found = await Promise.all(
        machines().map(async ({ id, meter }) => ({ id, sample: await meter.look(gap, over) })),
      );
      if (closed) return;
      for (const { id, sample } of found) record(Math.floor(time.getTime() / 1000), id, sample);
      tell({
        time: time.toISOString(),
        machines: found.map(({ id, sample }) => ({ machineId: id, ...sample })),
      });
    } finally {
      clearTimeout(limit);
      looking = false;
      schedule();
    }
  };

  /** Sees to it that the next look comes when it is due, and that none comes when nothing runs. */
  const schedule = (): void => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    if (closed || looking) return;
    if (machines().length === 0) {
      // Watchers hear once that nothing runs any more.
      if (last === null || last.report.machines.length > 0) tell({ time: now().toISOString(), machines: [] });
      return;
    }
    timer = setTimeout(() => void lookAtAll(), untilNextLook(now().getTime(), interval())).unref();
  };

  return {
    watch(listener) {
      watchers.add(listener);
      schedule();
      const fresh = freshReport();
      if (fresh !== null) listener(fresh);
      else if (!looking) {
        if (timer !== null) clearTimeout(timer);
        void lookAtAll();
      }
      return () => {
        watchers.delete(listener);
        if (watchers.size === 0) schedule();
      };
    },
    machinesChanged: schedule,
    close() {
      closed = true;
      watchers.clear();
      schedule();
    },
  };
}

/**
 * Looks happen in the middle of intervals counted from 1970, so that each interval of the history gets one, although
 * timers come a little late: evenly spaced looks would now and then leave one out and take another twice.
 */
export function untilNextLook(milliseconds: number, interval: number): number {
  return interval - ((milliseconds + interval / 2) % interval);
}
