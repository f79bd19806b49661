// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { diskSteps, memorySteps, processorSteps, roundSizes } from './scale.ts';

const MiB = 2 ** 20;
const GiB = 2 ** 30;

test('sizes double, with one step between', () => {
  expect(roundSizes(1, 8)).toEqual([1, 1.5, 2, 3, 4, 6, 8]);
});

test('memory ends with all that a machine may have, in whole MiB', () => {
  const steps = memorySteps(7.3 * GiB + 5, 4 * GiB);
  expect(steps[0]).toBe(256 * MiB);
  expect(steps.at(-1)).toBe(Math.floor((7.3 * GiB) / MiB) * MiB);
  expect(steps).toContain(4 * GiB);
});

test('the chosen value is a step even where it is more than fits or odd', () => {
  expect(memorySteps(100 * MiB, 300 * MiB)).toEqual([100 * MiB, 300 * MiB]);
  expect(processorSteps(2, 4)).toEqual([1, 2, 4]);
  expect(diskSteps(10 * GiB).slice(0, 3)).toEqual([8 * GiB, 10 * GiB, 12 * GiB]);
});

test('disks go from 8 GiB to 2 TiB', () => {
  const steps = diskSteps(64 * GiB);
  expect([steps[0], steps.at(-1)]).toEqual([8 * GiB, 2048 * GiB]);
});
