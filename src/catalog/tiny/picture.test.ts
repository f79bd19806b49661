// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from 'vitest';
import { drawTitle, drawWaves, size } from './picture.ts';

const pictures = { title: drawTitle(), waves: drawWaves() };

describe.each(['title', 'waves'] as const)('the picture of the %s', (name) => {
  const picture = pictures[name];
  const rowLength = size.width * 4 + 1;

  test('has rows of equal length that end in a line feed', () => {
    expect(picture.length).toBe(size[name] * rowLength);
    for (let end = rowLength - 1; end < picture.length; end += rowLength) expect(picture[end]).toBe(0x0a);
  });

  test('has no byte that would end a line or a string early', () => {
    expect(picture.includes(0)).toBe(false);
    expect(picture.filter((byte) => byte === 0x0a).length).toBe(size[name]);
  });
});

test('the waves repeat without a seam in both directions', () => {
  const rowLength = size.width * 4 + 1;
  const green = (x: number, y: number): number => pictures.waves[y * rowLength + x * 4 + 1] ?? 0;
  for (let y = 0; y < size.waves; y += 1)
    expect(Math.abs(green(0, y) - green(size.width - 1, y))).toBeLessThan(16);
  for (let x = 0; x < size.width; x += 1)
    expect(Math.abs(green(x, 0) - green(x, size.waves - 1))).toBeLessThan(24);
});
