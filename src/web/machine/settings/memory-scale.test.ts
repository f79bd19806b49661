// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import type { Budget } from '../../../contract/budget.ts';
import { memoryScale } from './memory-scale.ts';

const GiB = 2 ** 30;
const of = (memoryBytes: number) => ({ vcpus: 4, memoryBytes });

function budget(guests: number, free: number): Budget {
  const claim = { machineId: 'a', machineName: 'a', ...of(2 * GiB), overheadBytes: 0 };
  return {
    host: of(guests + GiB),
    threadsPerCore: 1,
    reserve: of(GiB),
    guests: of(guests),
    claims: [claim],
    free: of(free),
    recommended: of(GiB),
    enforcement: '',
  };
}

test('the slider ends at a whole step within what guests may have', () => {
  const { most, step, least } = memoryScale(budget(7.9 * GiB, GiB), 'b');
  expect(most % step).toBe(0);
  expect(most).toBeLessThanOrEqual(7.9 * GiB);
  expect(most + step).toBeGreaterThan(7.9 * GiB);
  expect(least).toBe(step);
});

test('a machine that runs may keep what it has', () => {
  expect(memoryScale(budget(8 * GiB, GiB), 'a').free).toBe(3 * GiB);
  expect(memoryScale(budget(8 * GiB, GiB), 'b').free).toBe(GiB);
});
