// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import type { PhyllomeEvent } from '../../../contract/event.ts';
import { withoutEchoes } from './without-echoes.ts';

const stamp = { id: 1, time: '', machineId: 'a', machineName: 'a' };
const running = (ready: boolean): PhyllomeEvent => ({
  ...stamp,
  type: 'machine.state',
  state: { name: 'running', since: '', ready },
});
const ready: PhyllomeEvent = { ...stamp, type: 'machine.ready' };

test('the guest gets ready once', () => {
  expect(withoutEchoes([ready, running(true), running(false)])).toEqual([ready, running(false)]);
  expect(withoutEchoes([running(true), ready, running(false)])).toEqual([ready, running(false)]);
});

test('a machine that was found ready by a new service is told', () => {
  expect(withoutEchoes([running(true)])).toEqual([running(true)]);
});
