// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { catalog } from './catalog.ts';
import { describeItem } from './describe.ts';

test('an entry tells the size that its machines have', () => {
  const [tiny] = catalog;
  if (tiny === undefined) throw new Error('the catalogue is empty');
  expect(describeItem(tiny, 'x86_64')).toMatchObject({
    id: 'tiny',
    recommended: { vcpus: 1, memoryBytes: 256 * 2 ** 20 },
  });
});

test('every entry has a valid definition on every architecture', () => {
  for (const item of catalog)
    for (const architecture of ['x86_64', 'aarch64', 'riscv64'] as const)
      expect(describeItem(item, architecture).recommended?.vcpus).toBeGreaterThan(0);
});
