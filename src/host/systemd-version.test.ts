// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareVersions } from './systemd-version.ts';

// Of the specification (UAPI.10) and of "systemd-analyze compare-versions", 257.
test.each([
  ['1', '2', -1],
  ['9', '10', -1],
  ['20261126.1', '20261126.2', -1],
  ['20261126', '20261126.1', -1],
  ['1.10', '1.9', 1],
  ['1', '1', 0],
  ['01', '1', 0],
  ['1~rc1', '1', -1],
  ['1~rc1', '1~rc2', -1],
  ['1^1', '1', 1],
  ['1^1', '1.1', -1],
  ['1-1', '1.1', -1],
  ['1-1', '1^1', -1],
  ['1.', '1', 1],
  ['a', '1', -1],
  ['abc', 'abd', -1],
  ['1a', '1', 1],
  ['', '', 0],
  ['', '1', -1],
  ['~', '', -1],
  ['99999999999999999999', '100000000000000000000', -1],
] as const)('%s and %s', (a, b, order) => {
  expect(Math.sign(compareVersions(a, b))).toBe(order);
  expect(Math.sign(compareVersions(b, a))).toBe(order === 0 ? 0 : -order);
});

test('any text has one place in the order', () => {
  const version = fc.string({ unit: fc.constantFrom(...'019aZ.~^-_+'.split('')), maxLength: 6 });
  fc.assert(
    fc.property(version, version, version, (a, b, c) => {
      expect(Math.sign(compareVersions(a, b))).toBe(-Math.sign(compareVersions(b, a)) + 0);
      const sorted = [a, b, c].toSorted(compareVersions) as [string, string, string];
      expect(compareVersions(sorted[0], sorted[2])).toBeLessThanOrEqual(0);
    }),
  );
});
