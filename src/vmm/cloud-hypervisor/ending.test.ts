// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import type { ProcessExit } from '../driver.ts';
import { ending } from './index.ts';

const orderly = [
  'cloud-hypervisor: 12.3s: <vmm> INFO:vmm/src/lib.rs:1385 -- VM exit event',
  'cloud-hypervisor: 12.4s: <main> INFO:cloud-hypervisor/src/main.rs:962 -- Cloud Hypervisor exited successfully',
];

test.each<[string, ProcessExit | null, string[], ReturnType<typeof ending>]>([
  ['an orderly end', { code: 0, signal: null }, [], 'shut-down'],
  ['an error', { code: 1, signal: null }, orderly, null],
  ['a system call it may not make', { code: null, signal: 'SIGSYS' }, orderly, null],
  ['a kill', { code: null, signal: 'SIGKILL' }, [], null],
  ['an orderly end that nobody saw', null, orderly, 'shut-down'],
  ['another end that nobody saw', null, orderly.slice(0, 1), null],
  ['silence', null, [], null],
])('%s', (_what, exit, words, meaning) => expect(ending(exit, words)).toBe(meaning));
