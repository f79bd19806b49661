// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatSize, parseSize, roundSize } from './size.ts';

describe('parseSize', () => {
  test.each([
    ['4GiB', 4 * 2 ** 30],
    ['4G', 4 * 2 ** 30],
    ['512 MiB', 512 * 2 ** 20],
    ['1.5GiB', 1.5 * 2 ** 30],
    ['1024', 1024],
    ['7B', 7],
    [0, 0],
    [4096, 4096],
  ])('reads %j', (text, bytes) => {
    expect(parseSize(text)).toBe(bytes);
  });

  test.each(['', '4GB', '4 gib', '-1', 'GiB', '1.1B', '1e9', '0x10', '9999999TiB', -1, 0.5, NaN, Infinity])(
    'refuses %j',
    (text) => {
      expect(parseSize(text)).toBeNull();
    },
  );
});

test('every size survives being written and read', () => {
  fc.assert(fc.property(fc.maxSafeNat(), (bytes) => parseSize(formatSize(bytes)) === bytes));
});

test('for people, what is needed is never less than it is, and what there is never more', () => {
  expect(roundSize(58_099_664)).toBe('56 MiB');
  expect(roundSize(58_099_664, 'down')).toBe('55 MiB');
  expect(roundSize(8 * 2 ** 30)).toBe('8 GiB');
  expect(roundSize(8 * 2 ** 30 - 1, 'down')).toBe('7.99 GiB');
  expect(roundSize(1.5 * 2 ** 40)).toBe('1.5 TiB');
  expect(roundSize(-1, 'down')).toBe('0 MiB');
});
