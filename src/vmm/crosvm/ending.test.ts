// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { ending } from './ending.ts';

const line = (words: string, place = 'crosvm'): string =>
  `[2026-08-21T12:00:00.000000000+00:00 INFO  ${place}] ${words}`;
const linux = 'crosvm::crosvm::sys::linux';

test.for<[number, ReturnType<typeof ending>]>([
  [0, 'shut-down'],
  [32, 'reset'],
  [33, null],
  [34, 'panicked'],
  [35, null],
  [36, 'reset'],
  [1, null],
])('the exit code %i', ([code, meaning]) => {
  // The code is the truth, whatever an earlier run left in the log.
  expect(ending({ code, signal: null }, [line('exiting with reset')])).toBe(meaning);
});

test.for<[string, ReturnType<typeof ending>]>([
  ['exiting with success', 'shut-down'],
  ['exiting with reset', 'reset'],
  ['exiting with crash', null],
  ['exiting with guest panic', 'panicked'],
  ['exiting with watchdog reset', 'reset'],
  ['exiting with error 1: no', null],
  ['something else', null],
])('last words where the code is not known: %s', ([words, meaning]) => {
  expect(ending(null, [line('disk size 4096', 'disk'), line(words)])).toBe(meaning);
});

test('the words of an earlier run are not its own', () => {
  expect(ending(null, [line('exiting with reset'), line('disk size 4096', 'disk')])).toBeNull();
  expect(ending(null, [])).toBeNull();
});

test('what a guest says with these words is not believed: they are a line of their own', () => {
  expect(ending(null, ['exiting with reset'])).toBeNull();
});

test('a device that hangs makes it kill itself; its guest still ended in order', () => {
  const killed = { code: null, signal: 'SIGKILL' as const };
  const last = line('not all child processes have exited; sending SIGKILL', 'crosvm::sys');
  expect(ending(killed, [line('vcpu requested reset', linux), last])).toBe('reset');
  expect(
    ending(killed, [line('vcpu requested reset', linux), line('vcpu requested shutdown', linux), last]),
  ).toBe('shut-down');
  expect(ending(killed, [last])).toBeNull();
  // Killed by somebody else.
  expect(ending(killed, [line('vcpu requested reset', linux)])).toBeNull();
});
