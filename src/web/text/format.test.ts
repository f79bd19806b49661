// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from 'vitest';
import { createFormats } from './format.ts';

const english = createFormats('en');
const french = createFormats('fr');
// French puts narrow spaces where English has commas; the eye sees a space.
const spaces = (text: string): string => text.replaceAll(/\s/g, ' ');

describe('sizes', () => {
  test.each([
    [0, '0 B', '0 o'],
    [1023, '1,023 B', '1 023 o'],
    [1024, '1 KiB', '1 Kio'],
    [1.5 * 2 ** 30, '1.5 GiB', '1,5 Gio'],
    [152 * 2 ** 30, '152 GiB', '152 Gio'],
    [2 ** 60, '1,024 PiB', '1 024 Pio'],
  ])('%i bytes', (bytes, inEnglish, inFrench) => {
    expect(english.bytes(bytes)).toBe(inEnglish);
    expect(spaces(french.bytes(bytes))).toBe(inFrench);
  });

  test('a rate is a size a second', () => {
    expect(english.rate(2 ** 20)).toBe('1 MiB/s');
  });
});

describe('spans of time', () => {
  test.each([
    [0, '0 sec'],
    [59.6, '1 min'],
    [95, '1 min 35 sec'],
    [3600, '1 hr'],
    [90_061, '1 day 1 hr'],
  ])('%f seconds', (seconds, text) => {
    expect(english.duration(seconds)).toBe(text);
  });
});

test('numbers in names count as numbers', () => {
  expect(['vm10', 'VM9', 'vm1'].sort(english.compare)).toEqual(['vm1', 'VM9', 'vm10']);
});

test('French counts zero as one', () => {
  const forms = { one: 'machine', other: 'machines' };
  expect(english.plural(0, forms)).toBe('machines');
  expect(french.plural(0, forms)).toBe('machine');
});
