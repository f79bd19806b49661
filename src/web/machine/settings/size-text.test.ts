// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { readSize, writeSize } from './size-text.ts';

const GiB = 2 ** 30;

test.each([
  [4 * GiB, '4 GiB', '4 Gio'],
  [1.5 * GiB, '1536 MiB', '1536 Mio'],
  [1000, '1000', '1000'],
])('%d bytes', (bytes, english, french) => {
  expect(writeSize(bytes, 'en')).toBe(english);
  expect(writeSize(bytes, 'fr')).toBe(french);
});

test.each([
  ['4 GiB', 4 * GiB],
  ['4Gio', 4 * GiB],
  ['1,5 g', 1.5 * GiB],
  ['512M', GiB / 2],
  ['8', 8 * GiB],
  ['1000 B', 1000],
  ['1000 o', 1000],
])('%s is understood', (text, bytes) => {
  expect(readSize(text)).toBe(bytes);
});

test.each(['', 'much', '4 GB', '4 Go', '-1', '1.2.3', 'iB'])('%j is no size', (text) => {
  expect(readSize(text)).toBeNull();
});

test('what is written is read again', () => {
  for (const bytes of [512, 1000, 2 ** 20, 3 * GiB, 2 ** 44]) {
    const text = writeSize(bytes, 'fr');
    expect(readSize(/[a-z]/i.test(text) ? text : `${text} o`)).toBe(bytes);
  }
});
