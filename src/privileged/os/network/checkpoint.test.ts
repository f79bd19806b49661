// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { service } from '../../../host/network-manager/ask.ts';
import { askRecording, recording, type Recording } from '../../../host/network-manager/testing.ts';
import { changeOnTrial, settle } from './checkpoint.ts';
import type { Manager } from './manager.ts';

function made(recorded: Recording = recording()) {
  const calls: string[] = [];
  const read = askRecording(recorded);
  const manager: Manager = {
    ask: async (path, method, ...values) => {
      if (method.endsWith('GetManagedObjects') || method.endsWith('GetSettings')) return read(path, method);
      calls.push([path, method.replace(`${service}.`, ''), ...values].join(' '));
      return ['/checkpoint/9'];
    },
    add: () => Promise.reject(new Error('not asked for')),
    activate: () => Promise.resolve(),
    deactivate: () => Promise.resolve(),
    forget: (id) => Promise.resolve(void calls.push(`forget ${id}`)),
  };
  return { manager, calls };
}

function nothingWaits(): Recording {
  const recorded = recording();
  for (const [path, faces] of Object.entries(recorded.objects))
    if (`${service}.Checkpoint` in faces) delete recorded.objects[path];
  return recorded;
}

const manager = '/org/freedesktop/NetworkManager';

test('a change gets its minute once it is made', async () => {
  const { manager: told, calls } = made(nothingWaits());
  expect(await changeOnTrial(told, () => Promise.resolve('made'))).toBe('made');
  expect(calls).toEqual([
    `${manager} CheckpointCreate aouu 0 150 6`,
    `${manager} CheckpointAdjustRollbackTimeout ou /checkpoint/9 60`,
  ]);
});

test('a change that fails is taken back at once', async () => {
  const { manager: told, calls } = made(nothingWaits());
  await expect(changeOnTrial(told, () => Promise.reject(new Error('no cable')))).rejects.toThrow('no cable');
  expect(calls.at(-1)).toBe(`${manager} CheckpointRollback o /checkpoint/9`);
});

test('one change at a time', async () => {
  const { manager: told, calls } = made();
  await expect(changeOnTrial(told, () => Promise.resolve())).rejects.toMatchObject({
    code: 'network-pending',
  });
  expect(calls).toEqual([]);
});

test('what is kept is written to the disk, and what a device had before it became a port stays', async () => {
  const { manager: told, calls } = made();
  await settle(told, true);
  expect(calls[0]).toMatch(/CheckpointDestroy o \S+Checkpoint\/\d+$/);
  // The bridge and its port.
  expect(calls.filter((call) => call.endsWith('Settings.Connection.Save'))).toHaveLength(2);
  expect(calls.filter((call) => call.startsWith('forget'))).toEqual([]);
});

test('what is not kept is rolled back', async () => {
  const { manager: told, calls } = made();
  await settle(told, false);
  expect(calls).toHaveLength(1);
  expect(calls[0]).toContain('CheckpointRollback');
});

test('where nothing waits there is nothing to settle', async () => {
  const { manager: told } = made(nothingWaits());
  await expect(settle(told, true)).rejects.toMatchObject({ code: 'network-settled' });
});
