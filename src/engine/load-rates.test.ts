// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRates } from './load-rates.ts';

const disk = (id: string, read: number, written: number) => ({ id, values: [read, written] });

test('rates are differences by time, of all things together', () => {
  const rates = createRates(2);
  expect(rates.next([disk('a', 1000, 5)], 10)).toBeNull();
  expect(rates.next([disk('a', 3000, 5)], 12)).toEqual([1000, 0]);
  expect(rates.next([disk('a', 3000, 25), disk('b', 7000, 7000)], 14)).toEqual([0, 10]);
  expect(rates.next([disk('a', 3010, 25), disk('b', 7010, 7000)], 15)).toEqual([20, 0]);
});

test('nothing to count is no load', () => {
  const rates = createRates(2);
  expect(rates.next([], 1)).toBeNull();
  expect(rates.next([], 2)).toEqual([0, 0]);
});

test('a counter that began anew makes one gap, not a leap', () => {
  const rates = createRates(1);
  rates.next([{ id: 'a', values: [1e12] }], 1);
  expect(rates.next([{ id: 'a', values: [10] }], 2)).toBeNull();
  expect(rates.next([{ id: 'a', values: [30] }], 4)).toEqual([10]);
});

test('a thing that left and came back is not counted from its beginning', () => {
  const rates = createRates(1);
  rates.next([{ id: 'a', values: [5] }], 1);
  expect(rates.next([], 2)).toEqual([0]);
  expect(rates.next([{ id: 'a', values: [1e9] }], 3)).toEqual([0]);
});

test('after forgetting, and when the clock stands, nothing is known', () => {
  const rates = createRates(1);
  rates.next([{ id: 'a', values: [5] }], 1);
  expect(rates.next([{ id: 'a', values: [6] }], 1)).toBeNull();
  rates.forget();
  expect(rates.next([{ id: 'a', values: [7] }], 2)).toBeNull();
});

test('a rate is never below zero, whatever the counters say', () => {
  const looks = fc.array(fc.array(fc.tuple(fc.constantFrom('a', 'b'), fc.nat()), { maxLength: 3 }));
  fc.assert(
    fc.property(looks, (all) => {
      const rates = createRates(1);
      for (const [second, things] of all.entries()) {
        const rate = rates.next(
          things.map(([id, value]) => ({ id, values: [value] })),
          second,
        );
        if (rate !== null && !(Number(rate[0]) >= 0)) return false;
      }
      return true;
    }),
  );
});
