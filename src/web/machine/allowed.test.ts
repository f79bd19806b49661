// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { isAllowed, isLacking } from './allowed.ts';

test('what makes sense depends on the state', () => {
  expect(isAllowed('pause', 'running')).toBe(true);
  expect(isAllowed('pause', 'stopped')).toBe(false);
  expect(isAllowed('start', 'crashed')).toBe(true);
});

test('a verb is lacking when the VMM has no way to do it, and no other is', () => {
  const machine = { lacks: ['power-button' as const, 'display' as const] };
  expect(isLacking('powerOff', machine)).toBe(true);
  expect(isLacking('pause', machine)).toBe(false);
  expect(isLacking('cutPower', machine)).toBe(false);
  expect(isLacking('powerOff', {})).toBe(false);
});
