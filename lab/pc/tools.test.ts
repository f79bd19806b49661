// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { cacheFolder, insideTree, openTools } from './tools.ts';

test('root mounts, others become it for that', () => {
  expect(insideTree('/tree', 0)).not.toContain('--map-root-user');
  expect(insideTree('/tree', 1000)).toContain('--map-root-user');
  const words = insideTree('/tree', 0);
  expect(words.at(-1)).toBe('/tree');
  expect(words.join(' ')).toContain('mount --bind "$tree/usr" "/usr"');
});

test('the cache is where XDG has it', () => {
  expect(cacheFolder({ XDG_CACHE_HOME: '/c', HOME: '/h' })).toBe('/c/phyllome-os');
  expect(cacheFolder({ HOME: '/h' })).toBe('/h/.cache/phyllome-os');
});

test('no tree says who makes one', () => {
  expect(() => openTools('/nowhere')).toThrow(/phyllome os build/);
});
