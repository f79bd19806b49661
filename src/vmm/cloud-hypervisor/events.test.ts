// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createEventReader, meaningOf, type MonitorEvent } from './events.ts';

const text = (source: string, event: string, properties: Record<string, string> | null = null): string =>
  `${JSON.stringify({ timestamp: { secs: 1, nanos: 2 }, source, event, properties }, null, 2)}\n\n`;

function readAll(pieces: readonly string[]): string[] {
  const heard: MonitorEvent[] = [];
  const read = createEventReader((event) => heard.push(event));
  for (const piece of pieces) read(piece);
  return heard.map(({ source, event }) => `${source}/${event}`);
}

const word = fc.string({ minLength: 1 });
const someEvents = fc.array(fc.tuple(word, word, fc.option(fc.dictionary(word, word), { nil: null })));

test('events come out as they went in, wherever the file was cut', () => {
  fc.assert(
    fc.property(someEvents, fc.array(fc.nat()), (events, cuts) => {
      const whole = events.map(([source, event, properties]) => text(source, event, properties)).join('');
      const places = [
        0,
        ...cuts.map((cut) => cut % (whole.length + 1)).toSorted((a, b) => a - b),
        whole.length,
      ];
      const pieces = places.map((place, index) => whole.slice(place, places[index + 1] ?? whole.length));
      expect(readAll(pieces)).toEqual(events.map(([source, event]) => `${source}/${event}`));
    }),
  );
});

test('other lines of the log, and events that lost their end, cost only themselves', () => {
  const half = text('vm', 'paused').slice(0, 40);
  const log = 'cloud-hypervisor: 1.2s: <vmm> WARN -- x';
  const odd = [
    `${half}\n`,
    `${log}\n`,
    `${log} {\n`,
    '\n\n',
    '{}\n',
    '{\n}\n',
    '{\n[1]\n}\n',
    '}\n',
    'null\n\n',
  ];
  for (const lost of odd) {
    const whole = `${text('vm', 'booted')}${lost}${text('vm', 'resumed')}`;
    expect(readAll([whole])).toEqual(['vm/booted', 'vm/resumed']);
  }
  // A line of the log may come before the empty line that ends an event.
  expect(
    readAll([text('vm', 'booted').replace('}\n\n', `}${log}\n\n\n`), text('vm', 'resumed')]),
  ).toHaveLength(2);
});

test('what never ends is not kept', () => {
  const endless = '  "x": 1,\n'.repeat(1000);
  expect(readAll(['{\n', endless, '}\n', text('vm', 'booted')])).toEqual(['vm/booted']);
  expect(readAll(['x'.repeat(2 ** 20), '\n', text('vm', 'booted')])).toEqual(['vm/booted']);
});

describe('what events mean', () => {
  test.each([
    ['vm', 'paused', { type: 'paused' }],
    ['vm', 'resumed', { type: 'resumed' }],
    ['vm', 'rebooting', { type: 'reset' }],
    ['vm', 'shutdown', { type: 'shut-down' }],
    ['vmm', 'shutdown', { type: 'shut-down' }],
    ['guest', 'panic', { type: 'panicked' }],
    ['vm', 'booted', null],
    ['vm', 'rebooted', null],
    ['virtio-device', 'activated', null],
    ['toString', 'x', null],
  ])('%s/%s', (source, event, meaning) => expect(meaningOf({ source, event })).toEqual(meaning));

  test('a guest that takes over its own crash has not ended', () => {
    const properties = { event: 'crash_loaded' };
    expect(meaningOf({ source: 'guest', event: 'panic', properties })).toBeNull();
  });
});
