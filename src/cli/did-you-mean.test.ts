// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { didYouMean } from './did-you-mean.ts';

const known = ['list', 'show', 'start', 'stop', 'screenshot', 'console', 'delete'];

test.each([
  ['lsit', 'list'],
  ['strat', 'start'],
  ['screnshot', 'screenshot'],
  ['scre', 'screenshot'],
  ['rm', 'delete'],
  ['kill', 'stop'],
  ['attach', 'console'],
])('%s: did you mean %s?', (word, wanted) =>
  expect(didYouMean(word, known)).toBe(` Did you mean "${wanted}"?`),
);

test.each(['xyzzy', 'q', '', 'a'.repeat(300)])('says nothing to %j', (word) =>
  expect(didYouMean(word, known)).toBe(''),
);
