// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import type { ProcessExit } from '../driver.ts';
import { ending } from './index.ts';

const event = (source: string, name: string): string[] => [
  '{',
  '  "timestamp": {',
  '    "secs": 12,',
  '    "nanos": 3',
  '  },',
  `  "source": "${source}",`,
  `  "event": "${name}",`,
  '  "properties": null',
  '}',
  '',
];
const running = [
  ...event('vm', 'booted'),
  'cloud-hypervisor: 12.3s: <vcpu0> WARN -- "event": "shutdown", says a guest',
];
const orderly = [...running, ...event('vm', 'shutdown')];

test.each<[string, ProcessExit | null, string[], ReturnType<typeof ending>]>([
  ['an orderly end', { code: 0, signal: null }, [], 'shut-down'],
  ['an error', { code: 1, signal: null }, orderly, null],
  ['a system call it may not make', { code: null, signal: 'SIGSYS' }, orderly, null],
  ['a kill', { code: null, signal: 'SIGKILL' }, [], null],
  ['an orderly end that nobody saw', null, orderly, 'shut-down'],
  ['another end that nobody saw', null, running, null],
  ['silence', null, [], null],
])('%s', (_what, exit, words, meaning) => expect(ending(exit, words)).toBe(meaning));
