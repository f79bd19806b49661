// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { ending } from './ending.ts';

test('an end in order, without a word, is that of a guest that powered off', () => {
  expect(ending({ code: 0, signal: null }, ['warning: nothing of importance'])).toBe('shut-down');
});

test('every other end is a crash', () => {
  expect(ending({ code: 0, signal: null }, ['qemu: terminating on signal 15 from pid 7 (kill)'])).toBeNull();
  expect(ending({ code: 1, signal: null }, [])).toBeNull();
  expect(ending({ code: null, signal: 'SIGKILL' }, [])).toBeNull();
  expect(ending(null, [])).toBeNull();
});
