// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { locate } from './locate.ts';

test.for([
  ['disks/a', '/m/disks/a'],
  ['/srv/a', '/srv/a'],
  ['a,b "c"', '/m/a,b "c"'],
] as const)('%s is at %s', ([file, place]) => {
  expect(locate('/m', file)).toBe(place);
});
