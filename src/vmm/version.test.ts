// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { atLeast } from './version.ts';

test.for([
  ['7.2.22', '7.2', true],
  ['7.2.0', '7.2', true],
  ['7.1.9', '7.2', false],
  ['10.0.13', '7.2', true],
  ['8.0', '8.1', false],
  ['9', '8.1', true],
  ['0.0.0', '7.2', false],
] as const)('%s at least %s: %s', ([version, wanted, expected]) => {
  expect(atLeast(version, wanted)).toBe(expected);
});
