// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { partsOf, sharersOf } from './disk-shares.ts';

const layer = (allocated: number, ...sharedWith: string[]) => ({
  file: 'disks/a.qcow2',
  format: 'qcow2',
  allocated,
  freed: 0,
  sharedWith,
});

test('a disk is its own file, the layers below, what others have too, and what is left', () => {
  const chain = [layer(10), layer(20), layer(30, 'clone', 'other'), layer(5, 'clone')];
  expect(partsOf({ chain, virtualSize: 100 })).toEqual({ own: 10, below: 20, shared: 35, left: 35 });
  expect(sharersOf({ chain })).toEqual(['clone', 'other']);
});

test('a head that others have, too, is not its own', () => {
  expect(partsOf({ chain: [layer(10, 'clone')], virtualSize: 10 })).toMatchObject({ own: 0, shared: 10 });
});

test('layers that take more together than the guest sees leave nothing, and nothing is left where no size is known', () => {
  expect(partsOf({ chain: [layer(80), layer(80)], virtualSize: 100 }).left).toBe(0);
  expect(partsOf({ chain: [layer(80)], virtualSize: null }).left).toBe(0);
});
