// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import type { PhyllomeEvent } from '../contract/event.ts';
import { createEventStream } from './event-stream.ts';

const body = (name: string) => ({ type: 'machine.created', machineId: 'i', machineName: name }) as const;
const names = (events: PhyllomeEvent[]) =>
  events.map((event) => ('machineName' in event ? event.machineName : event.type));

test('listeners hear events in order, until they leave', () => {
  const stream = createEventStream();
  const heard: PhyllomeEvent[] = [];
  const leave = stream.subscribe((event) => heard.push(event));
  stream.emit(body('a'));
  stream.emit(body('b'));
  leave();
  stream.emit(body('c'));
  expect(names(heard)).toEqual(['a', 'b']);
  expect((heard[1]?.id ?? 0) - (heard[0]?.id ?? 0)).toBe(1);
});

test('who comes back hears what was missed, once', () => {
  const stream = createEventStream();
  const first: PhyllomeEvent[] = [];
  stream.subscribe((event) => first.push(event))();
  const early: PhyllomeEvent[] = [];
  stream.subscribe((event) => early.push(event));
  for (const name of ['a', 'b', 'c']) stream.emit(body(name));
  const late: PhyllomeEvent[] = [];
  stream.subscribe((event) => late.push(event), early[0]?.id);
  stream.emit(body('d'));
  expect(names(late)).toEqual(['b', 'c', 'd']);
});

test('who was away for too long, or knew another service, is told so', () => {
  const stream = createEventStream(() => new Date(1_000_000));
  for (let index = 0; index < 1100; index += 1) stream.emit(body(String(index)));
  for (const lastId of [1_000_000, 5, 9_999_999]) {
    const heard: PhyllomeEvent[] = [];
    stream.subscribe((event) => heard.push(event), lastId);
    expect(names(heard)).toEqual(['events.lost']);
  }
});
