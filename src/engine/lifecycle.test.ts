// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { StateName } from '../contract/state.ts';
import { nextState, requireVerb, type Happening } from './lifecycle.ts';

const happenings: Happening[] = [
  'start',
  'launched',
  'start-failed',
  'paused',
  'resumed',
  'power-button',
  'button-ignored',
  'ended',
  'crashed',
];

describe('a life', () => {
  test.each<[StateName, Happening[], StateName]>([
    ['stopped', ['start', 'launched', 'power-button', 'ended'], 'stopped'],
    ['stopped', ['start', 'start-failed'], 'stopped'],
    ['stopped', ['start', 'launched', 'paused', 'resumed', 'crashed'], 'crashed'],
    ['crashed', ['start', 'launched'], 'running'],
    ['running', ['power-button', 'button-ignored'], 'running'],
    ['paused', ['ended'], 'stopped'],
  ])('%s, then %j: %s', (from, steps, to) => {
    expect(steps.reduce<StateName | null>((state, step) => state && nextState(state, step), from)).toBe(to);
  });

  test.each<[StateName, Happening]>([
    ['stopped', 'paused'],
    ['starting', 'start'],
    ['running', 'start'],
    ['stopped', 'ended'],
    ['broken', 'start'],
  ])('%s and %s do not go together', (state, happening) => {
    expect(nextState(state, happening)).toBeNull();
  });

  test('from wherever it came to, a machine can be brought to a stop', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...happenings)), (steps) => {
        const end = steps.reduce<StateName>((state, step) => nextState(state, step) ?? state, 'stopped');
        const stopped = end === 'stopped' || end === 'crashed';
        const afterStart = end === 'starting' ? nextState(end, 'start-failed') : nextState(end, 'ended');
        expect(stopped || afterStart === 'stopped').toBe(true);
      }),
    );
  });
});

test('a verb at the wrong moment says what to do instead', () => {
  expect(() => requireVerb('tiny', 'running', 'start')).toThrow('tiny is running, so it cannot start now.');
  expect(() => requireVerb('tiny', 'stopped', 'start')).not.toThrow();
  expect(() => requireVerb('tiny', 'stopping', 'cut power')).not.toThrow();
});
