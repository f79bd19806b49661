// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { LoadSample } from '../contract/load.ts';
import { columnsOf, createRollup, mergeRows, spanOf, type LoadRow } from './load-rollup.ts';

const sample = (cpu: number | null, more: Partial<LoadSample> = {}): LoadSample => ({
  cpu,
  memory: null,
  diskRead: null,
  diskWrite: null,
  networkReceive: null,
  networkSend: null,
  ...more,
});
const row = (time: number, cpu: number | null, samples = 1, step = 10): LoadRow => ({
  machineId: 'a',
  step,
  time,
  samples,
  figures: sample(cpu),
});
const start = 1_800_000_000; // a multiple of 60

const short = (rows: LoadRow[]) =>
  rows.map(({ step, time, samples, figures }) => [step, time - start, samples, figures.cpu]);

test('samples become means of ten seconds and of a minute, each given once', () => {
  const rollup = createRollup();
  for (const [second, cpu] of [
    [0, 1],
    [2, 2],
    [9, 3],
    [12, 10],
    [59, 20],
    [61, 0],
  ] as const)
    rollup.add(start + second, 'a', sample(cpu));
  expect(short(rollup.take())).toEqual([
    [10, 0, 3, 2],
    [10, 10, 1, 10],
    [10, 50, 1, 20],
    [60, 0, 5, 7.2],
  ]);
  expect(rollup.take()).toEqual([]);
  expect(short(rollup.rowsOf('a'))).toEqual([
    [10, 60, 1, 0],
    [60, 60, 1, 0],
  ]);
  expect(rollup.rowsOf('b')).toEqual([]);
  expect(short(rollup.take(true))).toHaveLength(2);
  expect(rollup.take(true)).toEqual([]);
});

test('machines do not mix, and a forgotten one is gone', () => {
  const rollup = createRollup();
  for (const second of [0, 20]) for (const id of ['a', 'b']) rollup.add(start + second, id, sample(1));
  rollup.forget('a');
  expect(new Set(rollup.take(true).map(({ machineId }) => machineId))).toEqual(new Set(['b']));
});

test('rows that nobody takes do not grow without end; the newest stay', () => {
  const rollup = createRollup();
  for (let index = 0; index < 12_000; index += 1) rollup.add(start + index * 60, 'a', sample(1));
  const rows = rollup.take();
  expect(rows).toHaveLength(10_000);
  expect(rows.at(-1)?.time).toBe(start + 11_998 * 60);
});

test('a mean leaves out what is not known', () => {
  expect(mergeRows(row(0, null, 5), row(0, 4, 1)).figures.cpu).toBe(4);
  expect(mergeRows(row(0, 4, 3), row(0, 8, 1)).figures.cpu).toBe(5);
  expect(mergeRows(row(0, null), row(0, null)).figures.cpu).toBeNull();
});

test.each([
  [3600, 300, { step: 10, entry: 20, entries: 180 }],
  [3600, 2000, { step: 10, entry: 10, entries: 360 }],
  [60, 10, { step: 10, entry: 10, entries: 6 }],
  [86_400, 300, { step: 60, entry: 300, entries: 288 }],
  [86_400, 10, { step: 60, entry: 8640, entries: 10 }],
  [7201, 300, { step: 60, entry: 60, entries: 121 }],
])('%i seconds in %i points', (seconds, points, expected) => {
  expect(spanOf(start, seconds, points)).toMatchObject(expected);
});

test('columns have gaps where there is no row, and none for a present that is too young', () => {
  const span = spanOf(start + 3, 60, 10);
  const { time, cpu, step } = columnsOf(
    [row(start - 20, 1), row(start - 40, 2), row(start - 41_000, 9)],
    span,
  );
  expect(step).toBe(10);
  expect(time).toEqual([-50, -40, -30, -20, -10].map((second) => start + second));
  expect(cpu).toEqual([null, 2, null, 1, null]);
  expect(columnsOf([row(start, 7)], span).cpu.at(-1)).toBe(7);
});

test('columns have equal lengths within the points, and times rise by the step up to now', () => {
  const numbers = fc.record({
    now: fc.integer({ min: start, max: start + 100_000 }),
    seconds: fc.integer({ min: 60, max: 86_400 }),
    points: fc.integer({ min: 10, max: 2000 }),
  });
  fc.assert(
    fc.property(numbers, ({ now, seconds, points }) => {
      const span = spanOf(now, seconds, points);
      const { time, cpu, memory, step } = columnsOf([row(now, 1)], span);
      expect(time.length).toBeLessThanOrEqual(points);
      expect([cpu.length, memory.length]).toEqual([time.length, time.length]);
      expect(cpu.at(-1)).toBe(1);
      expect(time.every((moment, index) => index === 0 || moment - (time[index - 1] ?? 0) === step)).toBe(
        true,
      );
      expect(now - (time.at(-1) ?? 0)).toBeLessThan(step);
      expect(time.length * step).toBeGreaterThanOrEqual(seconds - step);
    }),
  );
});
