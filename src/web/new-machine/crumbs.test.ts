// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { crumbsOf, findTyped, placeOf } from './crumbs.ts';

const home = { kind: 'home', name: 'Home', path: '/home/ada' } as const;
const downloads = { kind: 'downloads', name: 'Downloads', path: '/home/ada/Downloads' } as const;
const root = { kind: 'folder', name: '/', path: '/' } as const;

test('a folder belongs to the innermost place', () => {
  const places = [home, downloads];
  expect(placeOf('/home/ada/Downloads/isos', places)).toBe(downloads);
  expect(placeOf('/home/ada/Downloads2', places)).toBe(home);
  expect(placeOf('/home/adam', places)).toBe(undefined);
  expect(placeOf('/srv', [root])).toBe(root);
});

test('crumbs lead from the place to the folder', () => {
  expect(crumbsOf('/home/ada/a/b', home)).toEqual([
    { name: 'a', path: '/home/ada/a' },
    { name: 'b', path: '/home/ada/a/b' },
  ]);
  expect(crumbsOf('/home/ada', home)).toEqual([]);
  expect(crumbsOf('/srv/isos', root)).toEqual([
    { name: 'srv', path: '/srv' },
    { name: 'isos', path: '/srv/isos' },
  ]);
});

test('typing finds the next name that begins so', () => {
  const names = ['Apple', 'banana', 'apricot'];
  expect(findTyped('ap', names, 0)).toBe(0);
  expect(findTyped('ap', names, 1)).toBe(2);
  expect(findTyped('x', names, 0)).toBe(-1);
  expect(findTyped('x', [], 0)).toBe(-1);
});
