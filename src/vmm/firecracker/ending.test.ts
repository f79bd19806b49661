// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import type { Ending, ProcessExit } from '../driver.ts';
import { ending } from './ending.ts';

const code = (value: number): ProcessExit => ({ code: value, signal: null });
const at = '2026-11-23T10:00:00.000000000 [6f1c2b3a:main] ';
const begins = `${at}Running Firecracker v1.16.1`;
const well = `${at}Firecracker exiting successfully. exit_code=0`;
const stopping = `${at}Vmm is stopping.`;
const event = (type: number) => `${at}Received KVM_SYSTEM_EVENT: type: ${type}, event: [0]`;

test.for<[string, ProcessExit | null, string[], Ending | null]>([
  ['an x86 guest begins anew', code(0), [begins, stopping, well], 'reset'],
  ['the same, told by the log alone', null, [begins, stopping, well], 'reset'],
  ['an ARM guest powers off', code(0), [begins, event(1), stopping, well], 'shut-down'],
  ['an ARM guest begins anew', code(0), [begins, event(2), stopping, well], 'reset'],
  ['an ARM guest powers off while no service is there', null, [begins, event(1), well], 'shut-down'],
  ['a triple fault, up to 1.14', code(0), [begins, `${at}Received KVM_EXIT_SHUTDOWN signal`, well], null],
  ['a triple fault, later', code(1), [begins, `${at}Unexpected exit reason on vcpu run: Shutdown`], null],
  ['a system call that it may not make', code(148), [begins], null],
  ['a bus error', code(149), [begins], null],
  ['killed', { code: null, signal: 'SIGKILL' }, [begins], null],
  ['killed while no service is there', null, [begins], null],
  ['killed; the run before ended well', null, [begins, event(1), well, begins], null],
  ['begins anew; the run before powered off', code(0), [begins, event(1), well, begins, well], 'reset'],
  ['a log without an end', null, [], null],
])('%s', ([, exit, words, meaning]) => expect(ending(exit, words)).toBe(meaning));
