// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import type { VmmEvent } from '../driver.ts';
import { createTranslator, readState } from './events.ts';

/** What comes out when these events go in; the second of a pair is its time (seconds) or its data. */
function translate(...events: [string, (number | Record<string, unknown>)?][]): VmmEvent[] {
  const out: VmmEvent[] = [];
  const translator = createTranslator((event) => out.push(event));
  events.forEach(([name, more], index) => {
    const seconds = typeof more === 'number' ? more : index;
    translator({ name, seconds, data: typeof more === 'object' ? more : {} });
  });
  return out;
}
const types = (...events: Parameters<typeof translate>) => translate(...events).map(({ type }) => type);

test('pause and resume', () => {
  expect(types(['STOP'], ['RESUME'], ['STOP'])).toEqual(['paused', 'resumed', 'paused']);
});

test('the stop that belongs to an end is no pause', () => {
  expect(types(['SHUTDOWN'], ['STOP'])).toEqual(['shut-down']);
  expect(types(['GUEST_PANICKED'], ['STOP'])).toEqual(['panicked']);
  // But one after a new beginning is.
  expect(types(['GUEST_PANICKED'], ['STOP'], ['RESET'], ['RESUME'], ['STOP'])).toEqual([
    'panicked',
    'reset',
    'resumed',
    'paused',
  ]);
});

test('resets close together are one', () => {
  expect(types(['RESET', 10], ['RESET', 10.1], ['RESET', 10.9], ['RESET', 20])).toEqual(['reset', 'reset']);
});

const failure = {
  device: '',
  'node-name': 'disk0',
  operation: 'write',
  action: 'stop',
  nospace: true,
  reason: 'No space left on device',
};

test('a failing disk is told once, however many requests were in flight', () => {
  const io = { type: 'io-error', device: 'disk0', reason: 'No space left on device', noSpace: true };
  expect(
    translate(
      ['BLOCK_IO_ERROR', failure],
      ['BLOCK_IO_ERROR', failure],
      ['STOP'],
      ['BLOCK_IO_ERROR', failure],
    ),
  ).toEqual([io]);
  expect(types(['BLOCK_IO_ERROR', failure], ['STOP'], ['RESUME'], ['BLOCK_IO_ERROR', failure])).toEqual([
    'io-error',
    'resumed',
    'io-error',
  ]);
});

test('an error that the guest hears of is its own affair', () => {
  expect(types(['BLOCK_IO_ERROR', { ...failure, action: 'report' }])).toEqual([]);
});

test('only the port of the agent counts', () => {
  expect(
    translate(
      ['VSERPORT_CHANGE', { id: 'agent', open: true }],
      ['VSERPORT_CHANGE', { id: 'other', open: true }],
    ),
  ).toEqual([{ type: 'agent', connected: true }]);
});

test('unknown events and odd data are nothing', () => {
  expect(types(['NIC_RX_FILTER_CHANGED'], ['VSERPORT_CHANGE'], ['BLOCK_IO_ERROR'], ['__proto__'])).toEqual(
    [],
  );
});

test.for([
  ['running', 'running'],
  ['prelaunch', 'prelaunch'],
  ['paused', 'paused'],
  ['shutdown', 'shut-down'],
  ['guest-panicked', 'panicked'],
  ['io-error', 'failed'],
  ['internal-error', 'failed'],
  ['suspended', 'running'],
  ['save-vm', 'paused'],
  ['something-new', 'paused'],
  [undefined, 'paused'],
] as const)('state %s is %s', ([status, state]) => {
  expect(readState(status)).toBe(state);
});
