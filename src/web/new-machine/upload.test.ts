// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { createSpeedometer, freeImageName } from './upload.ts';

test('a name that is taken gets a number before its ending', () => {
  const images = [{ name: 'a.iso' }, { name: 'a-2.iso' }, { name: 'b' }];
  expect(freeImageName('c.iso', images)).toBe('c.iso');
  expect(freeImageName('a.iso', images)).toBe('a-3.iso');
  expect(freeImageName('b', images)).toBe('b-2');
});

test('speed is that of the last seconds', () => {
  let time = 0;
  const speed = createSpeedometer(() => time);
  expect(speed(0)).toBe(null);
  time = 1000;
  expect(speed(100)).toBe(100);
  time = 4000;
  expect(speed(1000)).toBe(250);
  time = 10_000;
  // The looks of the first second are too old by now.
  expect(speed(1600)).toBe(100);
});
