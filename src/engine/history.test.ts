// SPDX-License-Identifier: Apache-2.0
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { EventBody } from '../contract/event.ts';
import type { LoadSample } from '../contract/load.ts';
import { createHistoryFile, type HistoryFile } from './history-file.ts';
import { createHistory } from './history.ts';
import { sandbox, type Sandbox } from './testing.ts';

const start = new Date('2026-11-24T00:00:00Z').getTime();
const sample = (cpu: number): LoadSample => ({
  cpu,
  memory: 5,
  diskRead: null,
  diskWrite: 0,
  networkReceive: null,
  networkSend: 1.5,
});
let box: Sandbox;
let warnings: string[] = [];

beforeEach(async () => {
  vi.useFakeTimers({ now: start, toFake: ['setTimeout', 'clearTimeout', 'Date'] });
  box = await sandbox();
  warnings = [];
});
afterEach(async () => {
  vi.useRealTimers();
  await box[Symbol.asyncDispose]();
});

const openFile = () => createHistoryFile(box.paths.history, (text) => warnings.push(text));
const open = (file: HistoryFile = openFile()) => createHistory(file);
const seconds = (count: number) => vi.advanceTimersByTime(count * 1000);
const now = () => Math.floor(Date.now() / 1000);

let lastId = 0;
const event = (body: EventBody) => ({ ...body, id: (lastId += 1), time: new Date().toISOString() });
const changed = (machineId = 'a') => event({ type: 'machine.changed', machineId, machineName: 'tiny' });

test('nothing to keep: no file is made, and no timer waits', () => {
  const history = open();
  history.addEvent(event({ type: 'images.changed' }));
  expect(vi.getTimerCount()).toBe(0);
  history.close();
  expect(existsSync(box.paths.history)).toBe(false);
});

test('samples are seen at once, written once a minute, and seen by the next service', () => {
  const history = open();
  for (let step = 0; step < 5; step += 1) {
    history.addSample(now(), 'a', sample(step));
    expect(vi.getTimerCount()).toBe(1);
    seconds(10);
  }
  expect(existsSync(box.paths.history)).toBe(false);
  expect(history.load('a', 60, 60).cpu.slice(-5)).toEqual([0, 1, 2, 3, 4]);
  seconds(10);
  expect(existsSync(box.paths.history)).toBe(true);
  expect(vi.getTimerCount()).toBe(0);
  history.addSample(now(), 'a', sample(6));
  const load = history.load('a', 120, 60);
  expect(load.cpu.slice(-8)).toEqual([null, 0, 1, 2, 3, 4, null, 6].slice(-load.cpu.length));
  history.close();
  const next = open();
  expect(next.load('a', 120, 60)).toEqual(load);
  expect(next.load('b', 120, 60).cpu.every((value) => value === null)).toBe(true);
  next.close();
  expect(warnings).toEqual([]);
});

test('a minute in which the service was started again is one minute', () => {
  const first = open();
  for (const cpu of [1, 1, 1]) first.addSample(now(), 'a', sample(cpu));
  first.close();
  const second = open();
  second.addSample(now() + 20, 'a', sample(5));
  second.close();
  expect(open().load('a', 86_400, 2000).cpu.at(-1)).toBe(2);
});

test('what is old goes: fine rows after two hours, coarse ones after a day', () => {
  const file = openFile();
  const history = open(file);
  history.addSample(now(), 'a', sample(1));
  seconds(61);
  history.addSample(now(), 'a', sample(1));
  seconds(61);
  const begin = start / 1000;
  expect(file.rows('a', 10, begin)).toHaveLength(1);
  seconds(3 * 3600);
  history.addSample(now(), 'a', sample(1));
  seconds(61);
  expect(file.rows('a', 10, begin).map(({ time }) => time - begin)).toEqual([]);
  expect(file.rows('a', 60, begin).map(({ time }) => time - begin)).toEqual([0, 60]);
  seconds(22 * 3600);
  history.addSample(now(), 'a', sample(1));
  seconds(61);
  expect(file.rows('a', 60, begin).map(({ time }) => Math.round((time - begin) / 3600))).toEqual([3]);
  history.close();
});

test('events are kept within a second, newest first, page by page, beyond the service', () => {
  const history = open();
  const all = [
    changed(),
    changed('b'),
    changed(),
    event({ type: 'machine.ready', machineId: 'a', machineName: 'x' }),
  ];
  for (const one of all) history.addEvent(one);
  const expected = [all[3], all[2], all[0]];
  expect(history.events('a', 10)).toEqual(expected);
  seconds(1);
  expect(vi.getTimerCount()).toBe(0);
  expect(history.events('a', 10)).toEqual(expected);
  const later = changed();
  history.addEvent(later);
  expect(history.events('a', 2)).toEqual([later, all[3]]);
  expect(history.events('a', 10, all[3]?.id)).toEqual([all[2], all[0]]);
  history.close();
  const next = open();
  expect(next.events('a', 10)).toEqual([later, ...expected]);
  next.close();
});

test('of a machine the last thousand events are kept, and none for more than ninety days', () => {
  const history = open();
  for (let index = 0; index < 1200; index += 1) history.addEvent(changed());
  history.addEvent(changed('b'));
  seconds(1);
  expect(history.events('a', 2000)).toHaveLength(1000);
  expect(history.events('b', 2000)).toHaveLength(1);
  seconds(91 * 24 * 3600);
  history.addEvent(changed('b'));
  seconds(1);
  expect(history.events('a', 2000)).toEqual([]);
  expect(history.events('b', 2000)).toHaveLength(1);
  history.close();
});

test('an erased machine leaves nothing', () => {
  const file = openFile();
  const history = open(file);
  for (const id of ['a', 'b']) {
    history.addSample(now(), id, sample(1));
    history.addEvent(changed(id));
  }
  seconds(61);
  for (const id of ['a', 'b']) {
    history.addSample(now(), id, sample(2));
    history.addEvent(changed(id));
  }
  history.addEvent(event({ type: 'machine.erased', machineId: 'a', machineName: 'tiny' }));
  expect(history.events('a', 10)).toEqual([]);
  expect(history.load('a', 86_400, 2000).cpu.every((value) => value === null)).toBe(true);
  expect(history.events('b', 10)).toHaveLength(2);
  history.close();
  const next = openFile();
  expect([next.events('a', 10, 1e9), next.rows('a', 60, 0), next.rows('b', 60, 0).length]).toEqual([
    [],
    [],
    2,
  ]);
  next.close();
});

test.each([
  ['is no database', () => writeFile(box.paths.history, 'x'.repeat(10_000))],
  ['was cut short', () => truncate(box.paths.history, 5000)],
  [
    'has tables of another time',
    async () => {
      const { DatabaseSync } = process.getBuiltinModule('node:sqlite');
      const database = new DatabaseSync(box.paths.history);
      database.exec('PRAGMA user_version = 99');
      database.close();
    },
  ],
])('a file that %s is set aside, with a warning, and a new one begins', async (_, damage) => {
  const first = open();
  for (let index = 0; index < 100; index += 1) first.addEvent(changed());
  first.close();
  await damage();
  const history = open();
  history.addEvent(changed());
  seconds(1);
  expect(history.events('a', 10)).toHaveLength(1);
  history.close();
  expect(warnings).toEqual([expect.stringMatching(/cannot be read .* a new one begins/)]);
  expect(existsSync(`${box.paths.history}.damaged`)).toBe(true);
  expect(open().events('a', 10)).toHaveLength(1);
});

test('a file that cannot be written warns once; what happened meanwhile is written when it can be again', async () => {
  const folder = dirname(box.paths.history);
  await mkdir(box.paths.history);
  const history = open();
  const kept = changed();
  history.addEvent(kept);
  history.addSample(now(), 'a', sample(3));
  seconds(200);
  expect(warnings).toEqual([expect.stringContaining('cannot be used now')]);
  expect(history.events('a', 10)).toEqual([kept]);
  expect(history.load('a', 600, 60).cpu).toContain(3);
  const { rmdirSync } = process.getBuiltinModule('node:fs');
  rmdirSync(box.paths.history);
  seconds(61);
  expect(await readdir(folder)).toContain('history.sqlite');
  history.close();
  expect(open().events('a', 10)).toEqual([kept]);
});

test('what SQLite makes beside the file goes when the service ends', async () => {
  const history = open();
  history.addEvent(changed());
  seconds(1);
  history.close();
  const names = (await readdir(dirname(box.paths.history))).filter((name) => name.startsWith('history'));
  expect(names).toEqual(['history.sqlite']);
  expect((await readFile(box.paths.history)).subarray(0, 15).toString()).toBe('SQLite format 3');
});
