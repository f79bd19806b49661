// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { durationText, transferText } from './transfer-text.ts';

const GiB = 2 ** 30;

test.each([
  [null, null, ''],
  [{ done: GiB, total: null, perSecond: null }, null, '1 GiB'],
  [{ done: GiB, total: 4 * GiB, perSecond: null }, null, '1 GiB of 4 GiB'],
  [{ done: GiB, total: 4 * GiB, perSecond: 30 * 2 ** 20 }, 103, '1 GiB of 4 GiB, 30 MiB/s, 1 min 43 s left'],
  [{ done: GiB, total: 4 * GiB, perSecond: 0 }, null, '1 GiB of 4 GiB, 0 B/s'],
])('%j', (bytes, secondsLeft, text) => expect(transferText({ bytes, secondsLeft })).toBe(text));

test.each([
  [0, '0 s'],
  [59, '59 s'],
  [60, '1 min 0 s'],
  [7500, '2 h 5 min'],
  [274_000, '3 d 4 h'],
])('%i seconds', (seconds, text) => expect(durationText(seconds)).toBe(text));
