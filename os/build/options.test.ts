// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { BuildUsageError, readOptions } from './options.ts';

const read = (...words: string[]) => readOptions(words, { HOME: '/home/ada' }, '/src/phyllome');

test('what is left out has a place and a value', () => {
  expect(read()).toEqual({
    edition: 'headless',
    distribution: 'debian',
    version: null,
    hardware: true,
    output: '/src/phyllome/build/os',
    keys: '/home/ada/.config/phyllome/os-keys',
    cache: '/home/ada/.cache/phyllome-os',
    mirror: null,
    publish: false,
    iso: false,
    summary: false,
  });
});

test.each([
  [['--edition', 'server'], 'one of headless, kiosk, desktop'],
  [['--distribution=arch'], 'one of debian, fedora'],
  [['--version', '1+1'], 'is no version'],
  [['--version', '../x'], 'is no version'],
  [['--mirror', 'trixie main'], 'is no mirror'],
  [['--shim'], '--shim'],
  [['headless'], 'headless'],
])('%j is refused with what would be right', (words, reason) => {
  expect(() => read(...words)).toThrow(BuildUsageError);
  expect(() => read(...words)).toThrow(reason);
});
