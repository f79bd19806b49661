// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { PhyllomeError } from '../../contract/errors.ts';
import type { EventBody } from '../../contract/event.ts';
import { someTask } from '../testing.ts';
import { eventText } from './watch.ts';

const machine = { machineId: 'i', machineName: 'tiny' };
const since = '2026-11-23T07:00:00.000Z';
const error = new PhyllomeError('machine-not-found', { ref: 'x' }).report();

test.each<[EventBody, string]>([
  [{ type: 'machine.created', ...machine }, 'tiny was made'],
  [{ type: 'machine.changed', ...machine }, 'tiny was changed'],
  [{ type: 'machine.deleted', ...machine }, 'tiny was moved to the bin'],
  [{ type: 'machine.restored', ...machine }, 'tiny was restored from the bin'],
  [{ type: 'machine.erased', ...machine }, 'tiny was erased from the bin'],
  [{ type: 'machine.notice', ...machine, text: 'its disc was taken out' }, 'tiny: its disc was taken out'],
  [{ type: 'images.changed' }, 'the library of images has changed'],
  [{ type: 'budget.changed' }, 'the budget of this PC has changed'],
  [{ type: 'access.changed' }, 'who gets at the page of this PC has changed'],
  [{ type: 'machine.ready', ...machine }, 'tiny: the guest is ready'],
  [{ type: 'machine.reset', ...machine }, 'tiny was reset'],
  [{ type: 'machine.state', ...machine, state: { name: 'stopped', since } }, 'tiny is stopped'],
  [
    { type: 'machine.state', ...machine, state: { name: 'crashed', since, reason: 'it panicked', log: [] } },
    'tiny is crashed: it panicked',
  ],
  [{ type: 'machine.warning', ...machine, text: 'no space left' }, 'tiny: no space left'],
  [{ type: 'machine.error', ...machine, error }, 'tiny: There is no machine x.'],
  [{ type: 'task.changed', task: someTask() }, 'Create tiny: begun'],
  [
    { type: 'task.changed', task: someTask({ step: 'Unpacking', fraction: 0.999 }) },
    'Create tiny: 99 % Unpacking',
  ],
  [{ type: 'task.changed', task: someTask({ state: 'done' }) }, 'Create tiny: done'],
  [
    { type: 'task.changed', task: someTask({ state: 'failed', error }) },
    'Create tiny: failed: There is no machine x.',
  ],
  [{ type: 'events.lost' }, 'some events were missed'],
])('%j', (body, text) => expect(eventText({ ...body, id: 1, time: since })).toBe(text));
