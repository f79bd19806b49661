// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { boundsAt } from './schema-at.ts';

test('bounds come from the schema of the definition', () => {
  expect(boundsAt(['disks', 3, 'bus']).choices).toContain('nvme');
  expect(boundsAt(['cpu', 'vcpus']).minimum).toBe(1);
  expect(boundsAt(['nics', 0, 'forwards', 0, 'hostPort'])).toMatchObject({ minimum: 1, maximum: 65_535 });
  expect(boundsAt(['boot', 'commandLine']).maxLength).toBe(2047);
  expect(boundsAt(['nics']).maxItems).toBeGreaterThan(0);
});

test('a place that the definition does not have has no choices', () => {
  expect(boundsAt(['nothing', 'here']).choices).toEqual([]);
});
