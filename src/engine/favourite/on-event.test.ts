// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { PhyllomeEvent } from '../../contract/event.ts';
import type { ErrorReport } from '../../contract/errors.ts';
import type { MachineState, StateName } from '../../contract/state.ts';
import { onEvent, type Shown } from './on-event.ts';

const stamp = { id: 1, time: '2026-01-01T00:00:00.000Z' };
const report = (reason: string): ErrorReport => ({ code: 'x', message: reason, hint: '', facts: {} });
const wishes = { owner: 'fav', crashed: (_name: string, reason: string) => report(reason) };
const host: Shown = { machine: null, problem: null };

const state = (id: string, name: StateName): PhyllomeEvent => ({
  type: 'machine.state',
  ...stamp,
  machineId: id,
  machineName: id,
  state: {
    name,
    since: stamp.time,
    ready: false,
    reason: 'it fell',
    log: [],
    bytes: 1,
    problems: [],
  } as MachineState,
});
const failed = (id: string): PhyllomeEvent => ({
  type: 'machine.error',
  ...stamp,
  machineId: id,
  machineName: id,
  error: report('no disk'),
});

describe('the favourite', () => {
  test('takes the screen when it comes up', () => {
    expect(onEvent(host, state('fav', 'starting'), wishes)).toEqual({ machine: 'fav', problem: null });
    expect(onEvent({ ...host, machine: 'b' }, state('fav', 'starting'), wishes).machine).toBe('fav');
  });

  test('does not take it again when it goes on after a pause', () => {
    expect(onEvent(host, state('fav', 'running'), wishes)).toBe(host);
  });

  test('does not take it where it is to stay in a window', () => {
    expect(onEvent(host, state('fav', 'starting'), { ...wishes, owner: null })).toBe(host);
  });

  test('that does not start leaves the host and the reason', () => {
    const starting = onEvent(host, state('fav', 'starting'), wishes);
    const refused = onEvent(starting, failed('fav'), wishes);
    const after = { machine: null, problem: { machine: 'fav', error: report('no disk') } };
    expect(refused).toEqual(after);
    // The state that follows does not take the reason away.
    expect(onEvent(refused, state('fav', 'stopped'), wishes)).toBe(refused);
  });

  test('that fails before it came up says why, whatever the screen shows', () => {
    const other: Shown = { machine: 'b', problem: null };
    expect(onEvent(other, failed('fav'), wishes)).toEqual({
      machine: 'b',
      problem: { machine: 'fav', error: report('no disk') },
    });
  });

  test('that starts after all takes the reason away', () => {
    const problem = { machine: 'fav', error: report('no disk') };
    expect(onEvent({ machine: null, problem }, state('fav', 'starting'), wishes)).toEqual({
      machine: 'fav',
      problem: null,
    });
  });
});

test('a machine that crashes while it has the screen leaves the host and the reason', () => {
  expect(onEvent({ machine: 'b', problem: null }, state('b', 'crashed'), wishes)).toEqual({
    machine: null,
    problem: { machine: 'b', error: report('it fell') },
  });
});

test('others may do what they like', () => {
  const shown: Shown = { machine: 'a', problem: null };
  for (const name of ['starting', 'running', 'stopped', 'crashed', 'saved', 'broken'] as const)
    expect(onEvent(shown, state('b', name), wishes)).toBe(shown);
  expect(onEvent(shown, failed('b'), wishes)).toBe(shown);
  expect(onEvent(shown, { type: 'budget.changed', ...stamp }, wishes)).toBe(shown);
});

test('whatever happens, the screen never stays with a machine that is off', () => {
  const names = [
    'stopped',
    'starting',
    'running',
    'paused',
    'stopping',
    'crashed',
    'saved',
    'broken',
  ] as const;
  const happening = fc.oneof(
    fc.tuple(fc.constantFrom('fav', 'b'), fc.constantFrom(...names)).map(([id, name]) => state(id, name)),
    fc.constantFrom('fav', 'b').map(failed),
  );
  fc.assert(
    fc.property(fc.array(happening), fc.constantFrom(null, 'fav', 'b'), (events, machine) => {
      let shown: Shown = { machine, problem: null };
      const last = new Map<string, StateName>();
      for (const event of events) {
        shown = onEvent(shown, event, wishes);
        if (event.type === 'machine.state') last.set(event.machineId, event.state.name);
        if (event.type === 'machine.error') expect(shown.machine).not.toBe(event.machineId);
      }
      const now = shown.machine === null ? undefined : last.get(shown.machine);
      expect(['stopped', 'crashed', 'saved', 'broken']).not.toContain(now);
    }),
  );
});
