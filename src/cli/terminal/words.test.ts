// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { ageText, sizeText, typed } from './words.ts';

test.each([
  [0, '0 B'],
  [1536 * 2 ** 20, '1.5 GiB'],
  [256 * 2 ** 20, '256 MiB'],
  [2 ** 40, '1 TiB'],
  [1023, '1023 B'],
])('%i bytes are %s', (bytes, text) => expect(sizeText(bytes)).toBe(text));

const now = Date.parse('2026-11-23T12:00:00Z');
test.each([
  ['2026-11-23T11:59:59Z', '1 second'],
  ['2026-11-23T11:57:30Z', '2 minutes'],
  ['2026-11-23T09:00:00Z', '3 hours'],
  ['2026-11-20T09:00:00Z', '3 days'],
  ['2026-11-23T12:00:09Z', '0 seconds'],
])('%s was %s ago', (iso, text) => expect(ageText(iso, now)).toBe(text));

test('a name is shown as it must be typed', () => expect(typed('my, "tiny"')).toBe(`'my, "tiny"'`));
