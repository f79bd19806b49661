// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { gap, layOut, neighbour } from './grid.ts';

test.each([
  [200, 1],
  [316, 1],
  [478, 2],
  [1200, 4],
  [3600, 14],
])('%i px hold %i columns', (width, columns) => {
  const layout = layOut(width, 15);
  expect(layout.columns).toBe(columns);
  expect(layout.cardWidth * columns + gap * (columns - 1)).toBeLessThanOrEqual(width);
});

test('arrows lead to the cards beside, above and below, and not out of the grid', () => {
  expect(neighbour('ArrowDown', 1, 8, 3)).toBe(4);
  expect(neighbour('ArrowUp', 1, 8, 3)).toBe(null);
  expect(neighbour('ArrowDown', 6, 8, 3)).toBe(null);
  expect(neighbour('ArrowLeft', 0, 8, 3)).toBe(null);
  expect(neighbour('End', 2, 8, 3)).toBe(7);
  expect(neighbour('a', 2, 8, 3)).toBe(null);
});
