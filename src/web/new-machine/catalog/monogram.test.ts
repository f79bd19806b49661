// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { contrast, groundOf, letters } from './monogram.ts';

test.each([
  ['Debian', 'De'],
  ['Linux Mint', 'Mi'],
  ['Arch Linux', 'Ar'],
  ['FreeBSD', 'FB'],
  ['NixOS', 'Ni'],
  ['Home Assistant OS', 'HA'],
  ['elementary OS', 'el'],
  ['openSUSE', 'oS'],
  ['pfSense', 'pf'],
  ['9front', '9f'],
  ['Pop!_OS', 'Po'],
  ['Windows 11', 'Wi'],
  ['Linux', 'Li'],
  ['', '?'],
])('%s is drawn as %s', (name, drawn) => {
  expect(letters(name)).toBe(drawn);
});

test('letters can be read on every colour', () => {
  for (let value = 0; value < 2 ** 24; value += 9973) {
    const colour = `#${value.toString(16).padStart(6, '0')}`;
    const { ground, ink } = groundOf(colour);
    expect(contrast(ground, ink)).toBeGreaterThanOrEqual(4.5);
  }
  expect(contrast('#000000', '#ffffff')).toBeCloseTo(21);
});
