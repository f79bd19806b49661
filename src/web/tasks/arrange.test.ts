// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import type { Task } from '../../contract/task.ts';
import { arrangeTasks, losesWork } from './arrange.ts';

function task(id: string, startedAt: string, endedAt: string | null, more: Partial<Task> = {}): Task {
  const base = {
    what: id,
    step: '',
    fraction: null,
    bytes: null,
    secondsLeft: null,
    machineId: null,
    error: null,
  };
  return { ...base, id, state: endedAt === null ? 'running' : 'done', startedAt, endedAt, ...more };
}

test('running tasks stay in their order, ended ones have the latest first', () => {
  const all = [
    task('old', '2026-01-01T10:00:00Z', '2026-01-01T10:05:00Z'),
    task('second', '2026-01-01T11:00:00Z', null),
    task('new', '2026-01-01T10:01:00Z', '2026-01-01T10:09:00Z'),
    task('first', '2026-01-01T10:59:00Z', null),
  ];
  const { running, ended } = arrangeTasks(all);
  expect(running.map(({ id }) => id)).toEqual(['first', 'second']);
  expect(ended.map(({ id }) => id)).toEqual(['new', 'old']);
});

test('an abort loses what was moved and machines that are being made, and nothing else', () => {
  const moved = (done: number) => task('t', '', null, { bytes: { done, total: 10, perSecond: null } });
  expect(losesWork(moved(0), [])).toBe(false);
  expect(losesWork(moved(1), [])).toBe(true);
  expect(losesWork(task('create', '', null, { machineId: 'm' }), [])).toBe(true);
  const machine = { id: 'm', name: 'tiny' };
  expect(losesWork(task('Stop tiny', '', null, { machineId: 'm' }), [machine])).toBe(false);
  // A system is being installed into it, and an abort takes the machine away.
  expect(losesWork(task('Create tiny', '', null, { machineId: 'm' }), [machine])).toBe(true);
});
