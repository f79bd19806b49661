// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { StateName } from '../../contract/state.ts';
import { createEventStream } from '../event-stream.ts';
import { createTasks } from '../tasks.ts';
import { createGuests } from './guest-functions.ts';
import type { RunningGuest } from './save-guests.ts';

let folder: string;
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'ph-guests-'))));
afterEach(() => rm(folder, { recursive: true, force: true }));

interface Pc {
  states: Record<string, StateName>;
  hindered?: string[];
  /** Fail to be saved, to be started, to power off */
  stuck?: string[];
  bootId?: string;
  live?: boolean;
}

function pc({ states, hindered = [], stuck = [], bootId = 'first', live = false }: Pc) {
  const events = createEventStream();
  const tasks = createTasks(events);
  const warnings: string[] = [];
  const done: string[] = [];
  events.subscribe((event) => {
    if (event.type === 'machine.warning') warnings.push(`${event.machineName}: ${event.text}`);
  });
  const work = (verb: string, id: string, after: StateName) =>
    tasks.run(verb, id, () => {
      done.push(`${verb} ${id}`);
      if (stuck.includes(id)) return Promise.reject(new Error('stuck'));
      states[id] = after;
      return Promise.resolve(id);
    });
  const guests = createGuests({
    file: join(folder, 'resume.json'),
    bootId,
    live: () => live,
    tasks,
    events,
    running: () =>
      Object.entries(states)
        .filter(([, state]) => state === 'running' || state === 'paused')
        .map(([id, state]): RunningGuest => {
          return { id, name: id, state, hindrance: hindered.includes(id) ? 'it is encrypted' : null };
        }),
    save: (id) => Promise.resolve(work('save', id, 'saved')),
    powerOff: (id) => work('power off', id, 'stopped'),
    find: (id) => (states[id] === undefined ? null : { name: id, state: states[id] }),
    async start(id) {
      done.push(`start ${id}`);
      if (stuck.includes(id)) throw new Error('stuck');
      states[id] = 'running';
    },
  });
  const saveAll = async () => {
    const { id } = guests.saveGuests({ patienceSeconds: 1 });
    await tasks.ended(id);
    return tasks.show(id);
  };
  return { guests, saveAll, done, warnings, states, events };
}

const kept = async () => JSON.parse(await readFile(join(folder, 'resume.json'), 'utf8').catch(() => 'null'));

test('what was saved goes on after the next start, once, and nothing else does', async () => {
  const before = pc({
    states: { a: 'running', b: 'running', paused: 'paused', earlier: 'saved', locked: 'running' },
    hindered: ['locked'],
  });
  const task = await before.saveAll();
  expect(task.outcome?.text).toBe('3 saved; shut down: locked');
  const after = pc({ states: before.states, bootId: 'second' });
  await after.guests.resume();
  expect(after.done).toEqual(['start a', 'start b']);
  expect(after.states).toMatchObject({ paused: 'saved', earlier: 'saved', locked: 'stopped' });
  await after.guests.resume();
  expect(after.done).toHaveLength(2);
  expect(await kept()).toBeNull();
});

test('a later service of the same boot lets nothing go on', async () => {
  const before = pc({ states: { a: 'running' } });
  await before.saveAll();
  const again = pc({ states: before.states });
  await again.guests.resume();
  expect(again.done).toEqual([]);
  expect((await kept()).machines).toEqual(['a']);
});

test('a start that fails leaves the machine saved, says so, and keeps nobody else', async () => {
  const before = pc({ states: { a: 'running', b: 'running' } });
  await before.saveAll();
  const after = pc({ states: before.states, bootId: 'second', stuck: ['a'] });
  await after.guests.resume();
  expect(after.states).toEqual({ a: 'saved', b: 'running' });
  expect(after.warnings).toEqual([expect.stringMatching(/^a: .*its start failed.*still saved/)]);
});

test('a machine in whose start everything ended is not started again, the others are', async () => {
  await writeFile(
    join(folder, 'resume.json'),
    JSON.stringify({ formatVersion: 1, bootId: 'first', machines: ['b'], begun: 'a' }),
  );
  const after = pc({ states: { a: 'saved', b: 'saved' }, bootId: 'second' });
  await after.guests.resume();
  expect(after.done).toEqual(['start b']);
  expect(after.warnings).toEqual([expect.stringMatching(/^a: .*ended while it was being started/)]);
});

test('one that a power cut kept from being saved is left alone', async () => {
  await writeFile(
    join(folder, 'resume.json'),
    JSON.stringify({ formatVersion: 1, bootId: 'first', machines: ['a', 'gone'] }),
  );
  const after = pc({ states: { a: 'stopped' }, bootId: 'second' });
  await after.guests.resume();
  expect(after.done).toEqual([]);
  expect(await kept()).toBeNull();
});

test('whoever is started by a person meanwhile is struck off', async () => {
  const one = pc({ states: { a: 'running', b: 'running' } });
  await one.saveAll();
  const state = { name: 'starting', since: '' } as const;
  one.events.emit({ type: 'machine.state', machineId: 'a', machineName: 'a', state });
  await expect.poll(async () => (await kept()).machines).toEqual(['b']);
});

test('one that can neither be saved nor powers off is said, and never ended', async () => {
  const one = pc({ states: { a: 'running', stubborn: 'running' }, stuck: ['stubborn'] });
  const task = await one.saveAll();
  expect(task.outcome?.text).toMatch(/^1 saved; stubborn still runs/);
  expect(one.done).toContain('power off stubborn');
  expect(one.states['stubborn']).toBe('running');
});

test('this PC does not go down after all: they go on at once', async () => {
  const one = pc({ states: { a: 'running' } });
  await one.saveAll();
  await one.guests.resumeNow();
  expect(one.states).toEqual({ a: 'running' });
});

test('a system on a medium keeps nothing, so nothing is saved there', async () => {
  const one = pc({ states: { a: 'running' }, live: true });
  await one.saveAll();
  expect(one.done).toEqual(['power off a']);
});

test('a damaged list costs no more than that machines stay saved', async () => {
  await writeFile(join(folder, 'resume.json'), '{"formatVersion":1,');
  const one = pc({ states: { a: 'saved' }, bootId: 'second' });
  await one.guests.resume();
  expect(one.done).toEqual([]);
});
