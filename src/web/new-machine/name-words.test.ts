// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { problemOfName } from './name-words.ts';

test.each([
  ['web', null],
  ['été 🌻', null],
  ['', 'empty'],
  ['   ', 'empty'],
  ['a'.repeat(101), 'long'],
  ['a/b', 'slash'],
  ['-a', 'dash'],
  [' a', 'space'],
  ['..', 'other'],
  ['mine', 'taken'],
])('%j: %s', (name, problem) => {
  expect(problemOfName(name, [{ name: 'mine' }])).toBe(problem);
});
