// SPDX-License-Identifier: Apache-2.0
import type { LoadSample } from '../contract/load.ts';
import { PhyllomeError } from '../contract/errors.ts';
import type { Counters, Traffic } from '../vmm/driver.ts';
import { createRates, type Counted } from './load-rates.ts';

/** Processor time of processes, and the memory they take together. */
export interface Usage {
  /** Seconds, for each process */
  cpu: Counted[];
  memoryBytes: number;
}

export interface MeterSources {
  /** null: no process of the machine can be seen */
  usage(): Usage | null;
  /** undefined: the VMM has none. @throws PhyllomeError when it cannot be reached */
  counters(): Counters | undefined;
}

/** Looks at one machine from time to time. */
export interface LoadMeter {
  /**
   * What the machine did since the last look. What has not been answered when `over` resolves comes with a later
   * look; nothing is asked again before it was answered.
   * @param interval how long ago the last look was, about (ms)
   */
  look(interval: number, over: Promise<unknown>): Promise<LoadSample>;
  /** Which figures are not known, and why */
  notes(): string[];
  /** The guest began anew: what it counted itself starts again, and its agent may answer now. */
  guestRestarted(): void;
}

// The guest has to work for its answer, so it is asked less often than its VMM (ms).
const networkGap = 4000;
// One that gave no answer is left in peace for a while (ms).
const failureGap = 30_000;

/** @param now milliseconds of a clock that only goes forward */
export function createLoadMeter(sources: MeterSources, now = () => performance.now()): LoadMeter {
  const cpu = createRates(1);
  const ask = (kind: keyof Counters) => async () => (await sources.counters()?.[kind]()) ?? null;
  const disks = createGauge('The traffic of the disks', ask('disks'), 0, now);
  const network = createGauge('The network traffic', ask('network'), networkGap, now);

  return {
    async look(interval, over) {
      const usage = sources.usage();
      const rate = usage === null ? null : cpu.next(usage.cpu, now() / 1000);
      await Promise.race([Promise.all([disks.refresh(), network.refresh()]), over]);
      const [diskRead, diskWrite] = disks.rates(interval);
      const [networkReceive, networkSend] = network.rates(interval);
      return {
        cpu: rate?.[0] ?? null,
        memory: usage?.memoryBytes ?? null,
        diskRead,
        diskWrite,
        networkReceive,
        networkSend,
      };
    },
    notes: () => [disks.note(), network.note()].filter((note) => note !== null),
    guestRestarted: () => network.restart(),
  };
}

interface Gauge {
  refresh(): Promise<void>;
  rates(interval: number): [number | null, number | null];
  note(): string | null;
  restart(): void;
}

/** One source of counters that has to be asked: never twice at a time, and not too often. */
function createGauge(
  what: string,
  ask: () => Promise<Traffic[] | null>,
  gap: number,
  now: () => number,
): Gauge {
  const rates = createRates(2);
  let asking: Promise<void> | null = null;
  let notBefore = -Infinity;
  let known: { values: number[]; at: number } | null = null;
  let problem: string | null = null;

  const askOnce = async (): Promise<void> => {
    notBefore = now() + gap;
    try {
      const traffic = await ask();
      const counted = traffic?.map((one) => ({ id: one.id, values: [one.in, one.out] }));
      const values = counted === undefined ? null : rates.next(counted, now() / 1000);
      known = values === null ? null : { values, at: now() };
      problem = counted === undefined ? 'The VMM does not count it.' : null;
    } catch (error) {
      known = null;
      problem = PhyllomeError.from(error).message;
      if (gap > 0) notBefore = now() + failureGap;
    } finally {
      asking = null;
    }
  };

  return {
    refresh() {
      // Looks come a little early or late; a tenth of the gap is no reason to leave one out.
      if (asking === null && now() < notBefore - gap / 10) return Promise.resolve();
      return (asking ??= askOnce());
    },
    rates(interval) {
      // An answer that is long overdue must not be shown for what happens now.
      if (known === null || now() - known.at > 3 * Math.max(interval, gap)) return [null, null];
      return [known.values[0] ?? null, known.values[1] ?? null];
    },
    note: () => (problem === null ? null : `${what} is not known. ${problem}`),
    restart() {
      rates.forget();
      known = null;
      notBefore = -Infinity;
    },
  };
}
