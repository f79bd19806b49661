// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { ticksUpTo } from './ticks.ts';

const MiB = 2 ** 20;

test.each([
  [1, 'number', [0, 0.25, 0.5, 0.75, 1]],
  [2, 'number', [0, 0.5, 1, 1.5, 2]],
  [3, 'number', [0, 1, 2, 3]],
  [16, 'number', [0, 5, 10, 15, 20]],
  [4 * MiB, 'bytes', [0, MiB, 2 * MiB, 3 * MiB, 4 * MiB]],
  [300 * MiB, 'bytes', [0, 128 * MiB, 256 * MiB, 384 * MiB]],
] as const)('an axis up to %d (%s)', (most, unit, ticks) => {
  expect(ticksUpTo(most, unit)).toEqual(ticks);
});

test('whatever the figure, there are few lines and the last is not below it', () => {
  for (let most = 1; most < 2 ** 45; most *= 1.37) {
    for (const unit of ['number', 'bytes'] as const) {
      const ticks = ticksUpTo(most, unit);
      expect(ticks.length).toBeLessThanOrEqual(6);
      expect(ticks.at(-1)).toBeGreaterThanOrEqual(most * 0.999999);
    }
  }
});
