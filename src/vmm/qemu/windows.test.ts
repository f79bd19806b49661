// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { machine } from './testing.ts';
import { windowsProcessor } from './windows.ts';

const windows = machine({ guestOs: 'win11' });

test('KVM is not asked for what came after it', () => {
  const newest = windowsProcessor(windows, '6.12.3-1-amd64');
  expect(newest).toHaveLength(14);
  expect(windowsProcessor(windows, '6.1.0-44-amd64')).toEqual(
    newest.filter((property) => property !== 'hv-tlbflush-ext'),
  );
  expect(windowsProcessor(windows, '5.10.0')).toEqual(newest.filter((property) => !/ext|xmm/.test(property)));
  // A kernel that names itself otherwise: what is certain.
  expect(windowsProcessor(windows, 'mine')).toEqual(windowsProcessor(windows, '5.10.0'));
});

test('what one rests on is there', () => {
  const names = windowsProcessor(windows, '6.12');
  const needs = { 'hv-stimer-direct': ['hv-vpindex', 'hv-synic', 'hv-time', 'hv-stimer'] };
  expect(names).toEqual(expect.arrayContaining(Object.entries(needs).flat(2)));
});

test('other guests and architectures get none', () => {
  expect(windowsProcessor(machine({ guestOs: 'debian13' }), '6.12')).toEqual([]);
  expect(
    windowsProcessor(machine({ guestOs: 'win11', architecture: 'aarch64', boot: { type: 'uefi' } }), '6.12'),
  ).toEqual([]);
});
