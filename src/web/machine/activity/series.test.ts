// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import type { LoadHistory, LoadSample } from '../../../contract/load.ts';
import { addLook, joinLooks, missedSome, since, summarise, type Look } from './series.ts';

const sample = (cpu: number): LoadSample => ({
  cpu,
  memory: 1,
  diskRead: null,
  diskWrite: null,
  networkReceive: null,
  networkSend: null,
});
const look = (time: number, cpu: number): Look => ({ time, sample: sample(cpu) });

function history(step: number, cpu: (number | null)[]): LoadHistory {
  const none = cpu.map(() => null);
  return {
    step,
    time: cpu.map((_, index) => index * step),
    cpu,
    memory: none,
    diskRead: none,
    diskWrite: none,
    networkReceive: none,
    networkSend: none,
    notes: [],
  };
}

test('own looks take the place of the entries in whose time they fall, one by one', () => {
  const { time, cpu } = joinLooks(history(10, [0.1, 0.2, 0.3]), [
    look(22, 0.5),
    look(24, 0.6),
    look(31, 0.7),
  ]);
  expect(time).toEqual([5, 15, 22, 24, 31]);
  expect(cpu).toEqual([0.1, 0.2, 0.5, 0.6, 0.7]);
});

test('beside a coarse history looks become as coarse', () => {
  const looks = Array.from({ length: 30 }, (_, index) => look(60 + index * 2, index < 15 ? 1 : 3));
  const { time, cpu } = joinLooks(history(60, [0.5, null]), looks);
  expect(time).toEqual([30, 90]);
  expect(cpu).toEqual([0.5, 2]);
});

test('of an entry that was heard only at its end the history knows more', () => {
  expect(joinLooks(history(60, [0.5]), [look(58, 9)]).cpu).toEqual([0.5]);
});

test('a machine that does not run leaves a gap', () => {
  expect(joinLooks(history(10, []), [look(1, 1), { time: 3, sample: null }]).cpu).toEqual([1, null]);
});

test('looks rise, and old ones are dropped', () => {
  const looks = [look(10, 1), look(100, 2)];
  expect(addLook(looks, look(100, 3), 50)).toBe(looks);
  expect(addLook(looks, look(102, 3), 50)).toEqual([look(100, 2), look(102, 3)]);
});

test('a pause of the stream is noticed', () => {
  expect(missedSome([look(10, 1)])).toBe(false);
  expect(missedSome([look(10, 1), look(12, 1)])).toBe(false);
  expect(missedSome([look(10, 1), look(40, 1)])).toBe(true);
});

test('only what is not too old is shown', () => {
  const columns = joinLooks(history(10, [0.1, 0.2, 0.3]), []);
  expect(since(columns, 15)).toMatchObject({ time: [15, 25], cpu: [0.2, 0.3] });
  expect(since(columns, 100).time).toEqual([]);
});

test('what is not known counts for nothing', () => {
  expect(summarise([null, 1, 3, null])).toEqual({ peak: 3, mean: 2 });
  expect(summarise([null])).toEqual({ peak: null, mean: null });
});
