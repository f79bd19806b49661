// SPDX-License-Identifier: Apache-2.0
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { ScheduleKind } from '../../contract/backup.ts';
import { PhyllomeError } from '../../contract/errors.ts';
import { createEventStream } from '../event-stream.ts';
import { someId } from '../testing.ts';
import type { StoredMachine } from '../store.ts';
import { dueAt, retryAfter, rhythmOf } from './due.ts';
import { createScheduler, type Job } from './scheduler.ts';

const minute = 60_000;
const hour = 60 * minute;
const start = Date.parse('2026-11-25T10:00:00Z');
const machine: StoredMachine = { id: someId, name: 'tiny', directory: '/m', definition: null, problems: [] };

beforeEach(() => void vi.useFakeTimers({ now: start }));
afterEach(() => void vi.useRealTimers());

/** A scheduler over one machine whose job notes when it ran. */
function setUp(
  options: { wishes?: Partial<Record<ScheduleKind, number>>; made?: Date[]; changed?: () => boolean } = {},
) {
  const events = createEventStream(() => new Date());
  const made = options.made ?? [];
  const runs: string[] = [];
  const warnings: string[] = [];
  let fail: unknown = null;
  let running = 0;
  let wishes = options.wishes ?? { hourly: 2 };
  events.subscribe((event) => {
    if (event.type === 'machine.warning') warnings.push(event.text);
  });
  const jobOf = (what: string): Job => ({
    what,
    wishes: () => wishes,
    times: async () => ({ automatic: made, all: made }),
    async run(_, kind) {
      expect((running += 1)).toBe(1);
      await new Promise((resolve) => setTimeout(resolve, 10));
      running -= 1;
      if (fail !== null) throw fail;
      made.push(new Date());
      runs.push(`${what} ${kind} ${(Date.now() - start) / minute}`);
    },
  });
  const scheduler = createScheduler({
    jobs: [jobOf('backup')],
    machines: () => [machine],
    events,
    changedSince: async () => options.changed?.() ?? true,
  });
  return {
    scheduler,
    events,
    runs,
    warnings,
    failWith: (error: unknown) => void (fail = error),
    wish: (next: Partial<Record<ScheduleKind, number>>) => void (wishes = next),
    stateChanged: () =>
      events.emit({
        type: 'machine.state',
        machineId: someId,
        machineName: 'tiny',
        state: { name: 'stopped', since: '' },
      }),
  };
}

describe('the schedule', () => {
  test('one an hour, at once when there was none', async () => {
    const { runs, scheduler } = setUp();
    await vi.advanceTimersByTimeAsync(4 * hour);
    expect(runs.length).toBe(4);
    expect(runs[0]).toMatch(/^backup hourly 1(\.0\d+)?$/);
    await scheduler.close();
    await vi.advanceTimersByTimeAsync(4 * hour);
    expect(runs.length).toBe(4);
  });

  test('what was missed is made up for once', async () => {
    const { runs } = setUp({ made: [new Date(start - 30 * hour)] });
    await vi.advanceTimersByTimeAsync(30 * minute);
    expect(runs.length).toBe(1);
  });

  test('nothing wakes it when nobody wants anything', async () => {
    setUp({ wishes: {} });
    await vi.advanceTimersByTimeAsync(2 * minute);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('a machine that has not changed is left alone until something happens to it', async () => {
    let changed = false;
    const { runs, stateChanged } = setUp({ made: [new Date(start - 2 * hour)], changed: () => changed });
    await vi.advanceTimersByTimeAsync(10 * hour);
    expect(runs).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
    changed = true;
    stateChanged();
    await vi.advanceTimersByTimeAsync(minute);
    expect(runs.length).toBe(1);
  });

  test('a failure is told with its reason, and tried again later and later', async () => {
    const { runs, warnings, failWith } = setUp();
    failWith(new PhyllomeError('backup-folder-refused', { folder: '/media/x', reason: 'it is not there' }));
    await vi.advanceTimersByTimeAsync(2 * minute);
    expect(warnings).toEqual([
      'The backup by schedule failed: The folder /media/x cannot be used for backups: it is not there. It is tried again at 2026-11-25T10:16:00.010Z.',
    ]);
    await vi.advanceTimersByTimeAsync(2 * hour);
    // After 15, 30 and 60 minutes.
    expect(warnings.length).toBe(4);
    failWith(null);
    await vi.advanceTimersByTimeAsync(3 * hour);
    expect(runs.length).toBeGreaterThan(0);
  });

  test('other wishes are tried at once', async () => {
    const { warnings, failWith, wish, stateChanged } = setUp();
    failWith(new Error('no'));
    await vi.advanceTimersByTimeAsync(2 * minute);
    stateChanged();
    await vi.advanceTimersByTimeAsync(minute);
    expect(warnings.length).toBe(1);
    wish({ daily: 1 });
    stateChanged();
    await vi.advanceTimersByTimeAsync(minute);
    expect(warnings.length).toBe(2);
  });

  test('somebody who works on the machine is waited for without a word', async () => {
    const { runs, warnings, failWith } = setUp();
    failWith(
      new PhyllomeError('machine-state', { name: 'tiny', state: 'being copied', verb: 'x', next: '' }),
    );
    await vi.advanceTimersByTimeAsync(20 * minute);
    failWith(null);
    await vi.advanceTimersByTimeAsync(6 * minute);
    expect([warnings.length, runs.length]).toEqual([0, 1]);
  });
});

test('how often, and when', () => {
  expect(rhythmOf(undefined)).toBe(null);
  expect(rhythmOf({ hourly: 0 })).toBe(null);
  expect(rhythmOf({ daily: 7, weekly: 4 })).toBe('daily');
  const at = (time: number) => new Date(time);
  expect(dueAt([], 'daily', start)).toBe(start);
  expect(dueAt([at(start - hour), at(start - 9 * hour)], 'hourly', start)).toBe(start);
  // Made while the clock was wrong.
  expect(dueAt([at(start - hour), at(start + 999 * hour)], 'daily', start)).toBe(start + 23 * hour);
  expect([1, 2, 3, 30].map((failures) => retryAfter(failures) / minute)).toEqual([15, 30, 60, 1440]);
});
