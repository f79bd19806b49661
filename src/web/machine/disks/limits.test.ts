// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { readLimits, writeLimits } from './limits.ts';

test('limits are typed in MiB and requests, and nothing is no limit', () => {
  const typed = writeLimits({ readBytesPerSecond: 100 * 2 ** 20, writeOpsPerSecond: 500 });
  expect(typed).toEqual({
    readBytesPerSecond: '100',
    writeBytesPerSecond: '',
    readOpsPerSecond: '',
    writeOpsPerSecond: '500',
  });
  expect(readLimits(typed)).toEqual({ readBytesPerSecond: 100 * 2 ** 20, writeOpsPerSecond: 500 });
});

test.each(['0', '-1', '1.5', 'much', '10000001'])('%s is no limit', (text) => {
  expect(readLimits({ ...writeLimits({}), readOpsPerSecond: text })).toBe(null);
});
