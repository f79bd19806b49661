// SPDX-License-Identifier: Apache-2.0
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import type { PhyllomeEvent } from '../contract/event.ts';
import { PhyllomeError } from '../contract/errors.ts';
import { createEventStream } from './event-stream.ts';
import { createTasks } from './tasks.ts';

function setUp() {
  const events = createEventStream();
  const heard: PhyllomeEvent[] = [];
  events.subscribe((event) => heard.push(event));
  const states = () => heard.flatMap((event) => (event.type === 'task.changed' ? [event.task.state] : []));
  return { tasks: createTasks(events), states };
}

test('work that succeeds', async () => {
  const { tasks, states } = setUp();
  const { id } = tasks.run('Build', null, async ({ progress }) => {
    progress('half', 0.5);
    return 'machine';
  });
  await vi.waitFor(() => expect(tasks.show(id).state).not.toBe('running'));
  expect(tasks.show(id)).toMatchObject({ state: 'done', fraction: 1, machineId: 'machine', error: null });
  expect(states()).toEqual(['running', 'running', 'done']);
});

test('work that fails keeps its error, and a strange exception becomes an internal error', async () => {
  const { tasks } = setUp();
  const known = tasks.run('A', null, () =>
    Promise.reject(new PhyllomeError('no-space', { what: 'x', directory: '/d' })),
  );
  const strange = tasks.run('B', null, () => Promise.reject(new Error('oops')));
  await vi.waitFor(() => expect(tasks.list().map(({ state }) => state)).toEqual(['failed', 'failed']));
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
