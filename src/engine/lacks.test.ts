// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import type { Session } from '../vmm/driver.ts';
import { lacksOf } from './lacks.ts';

const nothing = async (): Promise<void> => {};
const never = () => new Promise<never>(() => {});
const whole: Partial<Session> = {
  pause: nothing,
  powerButton: nothing,
  keyboard: { press: nothing },
  memory: { save: never, load: nothing, cancel: nothing, isSaved: async () => false },
  drives: { insert: nothing, eject: nothing, bytesWritten: async () => null },
};
const { pause: _, ...withoutPause } = whole;

test('a VMM that has every verb lacks nothing', () => {
  expect(lacksOf(whole, { display: '/run/vnc' }, true)).toEqual([]);
});

test('what a session leaves out is lacked', () => {
  expect(lacksOf({}, { display: null }, true)).toEqual([
    'display',
    'keyboard',
    'pause',
    'save',
    'power-button',
    'media-change',
  ]);
  expect(lacksOf(withoutPause, { display: '/run/vnc' }, true)).toEqual(['pause']);
});

test('a machine that wants no screen does not lack one', () => {
  expect(lacksOf(whole, { display: null }, false)).toEqual([]);
});
