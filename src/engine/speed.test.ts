// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createSpeed, secondsLeft } from './speed.ts';

/** A speed whose clock stands where the test puts it. */
function setUp() {
  let time = 1000;
  const speed = createSpeed(() => time);
  return {
    speed,
    at(milliseconds: number, done: number) {
      time = 1000 + milliseconds;
      speed.note(done);
    },
    wait: (milliseconds: number) => void (time += milliseconds),
  };
}

test('is unknown before there is anything to compare', () => {
  const { speed, at } = setUp();
  expect(speed.perSecond()).toBeNull();
  at(0, 0);
  expect(speed.perSecond()).toBeNull();
  at(100, 1_000_000);
  expect(speed.perSecond()).toBeNull();
});

test('is that of the last seconds and not of the whole time', () => {
  const { speed, at } = setUp();
  for (let second = 0; second <= 60; second += 1) at(second * 1000, second * 10);
  expect(speed.perSecond()).toBe(10);
  for (let second = 61; second <= 70; second += 1) at(second * 1000, 600 + (second - 60) * 1000);
  expect(speed.perSecond()).toBe(1000);
});

test('falls while nothing comes', () => {
  const { speed, at, wait } = setUp();
  at(0, 0);
  at(1000, 4000);
  expect(speed.perSecond()).toBe(4000);
  wait(3000);
  expect(speed.perSecond()).toBe(1000);
  at(7000, 4000);
  at(13_000, 4000);
  expect(speed.perSecond()).toBe(0);
});

test('forgets what was before a new beginning', () => {
  const { speed, at } = setUp();
  at(0, 0);
  at(2000, 9000);
  at(3000, 0);
  expect(speed.perSecond()).toBeNull();
  at(5000, 200);
  expect(speed.perSecond()).toBe(100);
});

test('a steady flow has its speed, however often it is looked at', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 1e9 }),
      fc.array(fc.integer({ min: 1, max: 4000 }), { minLength: 1, maxLength: 200 }),
      (perMillisecond, steps) => {
        const { speed, at } = setUp();
        let time = 0;
        at(0, 0);
        for (const step of steps) at((time += step), time * perMillisecond);
        expect(speed.perSecond()).toBe(time < 500 ? null : perMillisecond * 1000);
      },
    ),
  );
});

test('the time that remains', () => {
  expect(secondsLeft(0, 1000, 100)).toBe(10);
  expect(secondsLeft(999, 1000, 100)).toBe(1);
  expect(secondsLeft(1000, 1000, 100)).toBe(0);
  expect(secondsLeft(0, null, 100)).toBeNull();
  expect(secondsLeft(0, 1000, null)).toBeNull();
  expect(secondsLeft(0, 1000, 0)).toBeNull();
});
