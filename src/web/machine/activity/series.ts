// SPDX-License-Identifier: Apache-2.0
//
// The past of a machine's load, as the service keeps it, joined with what the page heard since.
import { loadFigures, type LoadFigure, type LoadHistory, type LoadSample } from '../../../contract/load.ts';

/** What is plotted: columns of equal length, times in seconds since 1970. */
export type Columns = { time: number[] } & Record<LoadFigure, (number | null)[]>;

/** One look at the machine; no sample while it does not run. */
export interface Look {
  /** Seconds since 1970 */
  time: number;
  sample: LoadSample | null;
}

// How often the service looks while somebody listens (contract/load.ts), in seconds.
const period = 2;
// From this step of the history on, looks are put together until they are as coarse; below they are shown one by one.
const coarse = 20;

/** Adds a look; those older than `keep` seconds are dropped, and one that is not newer than the last is ignored. */
export function addLook(looks: readonly Look[], look: Look, keep: number): readonly Look[] {
  const last = looks.at(-1);
  if (last !== undefined && look.time <= last.time) return looks;
  return [...looks.filter(({ time }) => time > look.time - keep), look];
}

/** Was nobody listening for a while before the last look? Then the service knows what we have missed. */
export function missedSome(looks: readonly Look[]): boolean {
  const [before, last] = looks.slice(-2);
  return before !== undefined && last !== undefined && last.time - before.time > 3 * period;
}

/** One line of time out of both. What the page heard itself is finer, so it wins where both know something. */
export function joinLooks(history: LoadHistory, looks: readonly Look[]): Columns {
  const own = history.step < coarse ? looks : meansOf(looks, history.step);
  const columns: Columns = { time: [], ...emptyFigures() };
  const add = (time: number, read: (figure: LoadFigure) => number | null): void => {
    columns.time.push(time);
    for (const figure of loadFigures) columns[figure].push(read(figure));
  };
  let next = 0;
  const addOwnBefore = (time: number): boolean => {
    const first = next;
    for (let look = own[next]; look !== undefined && look.time < time; look = own[(next += 1)]) {
      const { sample } = look;
      add(look.time, (figure) => sample?.[figure] ?? null);
    }
    return next > first;
  };
  history.time.forEach((begin, index) => {
    // An entry stands for the time after its beginning, and is drawn in the middle of that.
    if (!addOwnBefore(begin + history.step))
      add(begin + history.step / 2, (figure) => history[figure][index] ?? null);
  });
  addOwnBefore(Infinity);
  return columns;
}

/** The part of the columns that is not older than `from`. */
export function since(columns: Columns, from: number): Columns {
  const first = columns.time.findIndex((time) => time >= from);
  const cut = <Value>(values: Value[]): Value[] => (first === -1 ? [] : values.slice(first));
  const result: Columns = { time: cut(columns.time), ...emptyFigures() };
  for (const figure of loadFigures) result[figure] = cut(columns[figure]);
  return result;
}

export interface Summary {
  peak: number | null;
  mean: number | null;
}

export function summarise(values: readonly (number | null)[]): Summary {
  const known = values.filter((value) => value !== null);
  if (known.length === 0) return { peak: null, mean: null };
  const sum = known.reduce((total, value) => total + value, 0);
  // Not Math.max(...known): a day has more entries than a call may have arguments in some browsers.
  return { peak: known.reduce((most, value) => Math.max(most, value)), mean: sum / known.length };
}

function emptyFigures(): Record<LoadFigure, (number | null)[]> {
  return { cpu: [], memory: [], diskRead: [], diskWrite: [], networkReceive: [], networkSend: [] };
}

/** Means over `step` seconds. The first is left out unless most of it was heard: the history knows it better. */
function meansOf(looks: readonly Look[], step: number): Look[] {
  const entries = Map.groupBy(looks, ({ time }) => Math.floor(time / step));
  return [...entries].flatMap(([entry, within], index) => {
    if (index === 0 && within.length * period < step / 2) return [];
    const mean = (figure: LoadFigure) => summarise(within.map(({ sample }) => sample?.[figure] ?? null)).mean;
    const sample = Object.fromEntries(loadFigures.map((figure) => [figure, mean(figure)])) as LoadSample;
    return [{ time: (entry + 0.5) * step, sample }];
  });
}
