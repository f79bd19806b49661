// SPDX-License-Identifier: Apache-2.0
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, test, vi } from 'vitest';
import type { PhyllomeEvent } from '../contract/event.ts';
import { PhyllomeError } from '../contract/errors.ts';
import { createEventStream } from './event-stream.ts';
import { createTasks } from './tasks.ts';

function setUp(now?: () => number) {
  const events = createEventStream();
  const all: PhyllomeEvent[] = [];
  events.subscribe((event) => all.push(event));
  const heard = () => all.flatMap((event) => (event.type === 'task.changed' ? [event.task] : []));
  return { tasks: createTasks(events, now), heard, states: () => heard().map(({ state }) => state) };
}

test('work that succeeds', async () => {
  const { tasks, states } = setUp();
  const { id } = tasks.run('Build', null, async ({ progress }) => {
    progress('half', 0.5);
    return 'machine';
  });
  await expect.poll(() => tasks.show(id).state).not.toBe('running');
  expect(tasks.show(id)).toMatchObject({ state: 'done', fraction: 1, machineId: 'machine', error: null });
  expect(states()).toEqual(['running', 'running', 'done']);
});

test('work that fails keeps its error, and a strange exception becomes an internal error', async () => {
  const { tasks } = setUp();
  const known = tasks.run('A', null, () =>
    Promise.reject(new PhyllomeError('no-space', { what: 'x', directory: '/d' })),
  );
  const strange = tasks.run('B', null, () => Promise.reject(new Error('oops')));
  await expect.poll(() => tasks.list().map(({ state }) => state)).toEqual(['failed', 'failed']);
  expect(tasks.show(known.id).error?.code).toBe('no-space');
  expect(tasks.show(strange.id).error).toMatchObject({
    code: 'internal-error',
    message: expect.stringContaining('oops'),
  });
});

test('an abort waits until the work has undone what it began', async () => {
  const { tasks } = setUp();
  let undone = false;
  const { id } = tasks.run('A', null, async ({ signal }) => {
    try {
      await delay(60_000, null, { signal });
    } finally {
      undone = true;
    }
    return null;
  });
  const task = await tasks.abort(id);
  expect(undone).toBe(true);
  expect(task).toMatchObject({ state: 'aborted', error: { code: 'task-aborted' } });
  expect(await tasks.abort(id)).toEqual(task);
});

test('an unknown task', () => {
  expect(() => setUp().tasks.show('x')).toThrow(/no task x/);
});

describe('work that is counted in bytes', () => {
  test('shows speed and time remaining, and all of it at the end', async () => {
    let time = 0;
    const { tasks, heard } = setUp(() => time);
    const { id } = tasks.run('Copy', null, async ({ progress }) => {
      for (let done = 0; done <= 1000; done += 100) {
        progress('Copying', null, { done, total: 2000 });
        time += 1000;
      }
      // Too soon after the last to be told by itself.
      time -= 999;
      progress('Copying', null, { done: 1001, total: 2000 });
      return { image: 'a.iso' };
    });
    await expect.poll(() => tasks.show(id).state).toBe('done');
    const running = heard().filter(({ state, bytes }) => state === 'running' && bytes !== null);
    expect(running.at(-1)).toMatchObject({
      fraction: 0.5,
      bytes: { done: 1000, total: 2000, perSecond: 100 },
      secondsLeft: 10,
    });
    expect(tasks.show(id)).toMatchObject({
      fraction: 1,
      bytes: { done: 1001, total: 2000, perSecond: null },
      secondsLeft: null,
      image: 'a.iso',
      machineId: null,
    });
  });

  test('a failure keeps how far it came', async () => {
    const { tasks } = setUp(() => 0);
    const { id } = tasks.run('Copy', null, async ({ progress }) => {
      progress('Copying', null, { done: 1, total: null });
      progress('Copying', null, { done: 2, total: null });
      throw new Error('oops');
    });
    await expect.poll(() => tasks.show(id).state).toBe('failed');
    expect(tasks.show(id)).toMatchObject({ fraction: null, bytes: { done: 2, total: null } });
  });

  test('the speed falls when nothing comes any more', async () => {
    vi.useFakeTimers();
    try {
      const { tasks } = setUp();
      const moved = Promise.withResolvers<void>();
      const stuck = Promise.withResolvers<void>();
      const { id } = tasks.run('Copy', null, async ({ progress, signal }) => {
        progress('Copying', null, { done: 0, total: 9000 });
        await moved.promise;
        progress('Copying', null, { done: 1000, total: 9000 });
        signal.addEventListener('abort', () => stuck.resolve());
        await stuck.promise;
        return null;
      });
      await vi.advanceTimersByTimeAsync(900);
      moved.resolve();
      await vi.advanceTimersByTimeAsync(1100);
      expect(tasks.show(id)).toMatchObject({ bytes: { done: 1000, perSecond: 500 }, secondsLeft: 16 });
      await vi.advanceTimersByTimeAsync(20_000);
      expect(tasks.show(id)).toMatchObject({ bytes: { done: 1000, perSecond: 0 }, secondsLeft: null });
      await tasks.abort(id);
      expect(vi.getTimerCount()).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });
});
