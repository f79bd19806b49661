// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PhyllomeError } from './errors.ts';
import { checkName, nameProblem } from './name.ts';

describe('names people use', () => {
  test.each([
    'tiny',
    'Debian 13',
    'a,b',
    `it's "quoted"`,
    'Ünïcode',
    '🌱 garden',
    'x'.repeat(100),
    '-'.padStart(2, 'a'),
  ])('accepts %j', (name) => {
    expect(nameProblem(name)).toBeNull();
  });
});

describe('names that would confuse', () => {
  test.each([
    ['', 'it is empty'],
    ['x'.repeat(101), 'it has more than 100 characters'],
    ['x'.repeat(300), 'it has more than 100 characters'],
    ['a\nb', 'it holds a control character or a line break'],
    ['a\u001b[31m', 'it holds a control character or a line break'],
    ['a\u0000', 'it holds a control character or a line break'],
    ['abc\u202etxt', 'it holds invisible direction marks'],
    ['a/b', 'it holds a "/"'],
    ['..', 'it means a folder'],
    [' a', 'it begins or ends with a space'],
    ['--force', 'it begins with "-"'],
    ['e\u0301', 'it is not in normal form (NFC)'],
    ['\ud800', 'it holds half a character'],
    ['6f1c2b3a-1111-4111-8111-111111111111', 'it looks like the id of a machine'],
  ])('refuses %j', (name, reason) => {
    expect(nameProblem(name)).toBe(reason);
    expect(() => checkName(name)).toThrow(PhyllomeError);
  });
});

test('an accepted name is one printable line', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (name) => {
      if (nameProblem(name) === null) expect(name).toMatch(/^[^\p{Cc}/]+$/u);
    }),
  );
});
