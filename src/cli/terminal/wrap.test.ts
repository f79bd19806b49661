// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { wrapLines } from './wrap.ts';

test('lines are filled, and none is too long', () => {
  expect(wrapLines('one two three four', '  ', 10)).toEqual(['  one two', '  three', '  four']);
});

test('a word that is too long stays whole', () => {
  expect(wrapLines('see /a/path/that/is/long now', '', 10)).toEqual(['see', '/a/path/that/is/long', 'now']);
});

test('no word is lost, and only a single word is ever too long', () => {
  const words = fc.array(fc.stringMatching(/^[a-z]{1,30}$/), { minLength: 1 });
  fc.assert(
    fc.property(words, fc.integer({ min: 0, max: 8 }), (list, indent) => {
      const lines = wrapLines(list.join(' '), ' '.repeat(indent), 24);
      expect(lines.map((line) => line.trim()).join(' ')).toBe(list.join(' '));
      for (const line of lines) expect(line.length <= 24 || !line.trim().includes(' ')).toBe(true);
    }),
  );
});
