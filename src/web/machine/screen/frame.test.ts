// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { frameSize } from './frame.ts';

const guest = { width: 1280, height: 800 };

test.each([
  [
    'a guest that follows has the whole window',
    'follow',
    { width: 999, height: 777 },
    2,
    { width: 999, height: 777 },
  ],
  [
    'pixel by pixel on a display of twice the pixels',
    'exact',
    { width: 500, height: 500 },
    2,
    { width: 640, height: 400 },
  ],
  ['smaller when it must be', 'scale', { width: 640, height: 800 }, 1, { width: 640, height: 400 }],
  ['as it is when that nearly fills the window', 'scale', { width: 1400, height: 900 }, 1, guest],
  [
    'twice when that nearly fills it',
    'scale',
    { width: 2700, height: 1650 },
    1,
    { width: 2560, height: 1600 },
  ],
  [
    'in between when a whole multiple would be much smaller',
    'scale',
    { width: 1920, height: 1200 },
    1,
    { width: 1920, height: 1200 },
  ],
] as const)('%s', (_, fit, available, ratio, expected) => {
  expect(frameSize(available, guest, ratio, fit)).toEqual(expected);
});

test('what fits never reaches beyond the window, and ends on a pixel of the display', () => {
  const size = fc.record({
    width: fc.integer({ min: 1, max: 5000 }),
    height: fc.integer({ min: 1, max: 5000 }),
  });
  fc.assert(
    fc.property(size, size, fc.constantFrom(1, 1.25, 1.5, 2, 3), (available, screen, ratio) => {
      const { width, height } = frameSize(available, screen, ratio, 'scale');
      expect(width).toBeLessThanOrEqual(available.width + 1e-9);
      expect(height).toBeLessThanOrEqual(available.height + 1e-9);
      expect(Math.abs(width * ratio - Math.round(width * ratio))).toBeLessThan(1e-6);
    }),
  );
});
