// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from 'vitest';
import { parseInput } from '../parse.ts';
import { commands } from '../commands.ts';
import type { Context } from '../context.ts';
import { backupLines } from './backup.ts';
import { schedule, scheduleLines } from './schedule.ts';

/** Runs the command against a service that notes what it is asked. */
async function asked(words: string[]): Promise<unknown[]> {
  const command = commands.find(({ name }) => name === 'schedule');
  if (command === undefined) throw new Error('no such command');
  const calls: unknown[] = [];
  const client = {
    call: async (id: string, request: { body?: { changes: unknown[] } }) => {
      calls.push(request.body?.changes ?? id);
      return { definition: { schedule: {} } };
    },
  };
  const output = { say: () => {}, note: () => {}, json: () => {} };
  await schedule({ client, output, json: false } as unknown as Context, parseInput(command, words).input);
  return calls;
}

describe('phyllome schedule', () => {
  test('sets what is named, and takes away what is not', async () => {
    expect(await asked(['web', '--snapshots', 'hourly=24, daily=7', '--to', '/b'])).toEqual([
      [
        { path: ['schedule', 'snapshots', 'hourly'], value: 24 },
        { path: ['schedule', 'snapshots', 'daily'], value: 7 },
        { path: ['schedule', 'snapshots', 'weekly'] },
        { path: ['schedule', 'backups', 'folder'], value: '/b' },
      ],
    ]);
    const [changes] = await asked(['web', '--backups', 'none']);
    expect(changes).toEqual(
      ['hourly', 'daily', 'weekly'].map((kind) => ({ path: ['schedule', 'backups', kind] })),
    );
    expect(await asked(['web'])).toEqual(['showMachine']);
  });

  test('keeps the folder when it is turned off', async () => {
    const [changes] = await asked(['web', '--off']);
    expect(JSON.stringify(changes)).not.toContain('folder');
  });

  test.each([['hourly'], ['hourly=x'], ['monthly=3'], ['hourly=2,hourly=3'], ['daily=1001'], ['']])(
    'does not take %j',
    async (text) => {
      await expect(asked(['web', `--snapshots=${text}`])).rejects.toMatchObject({ code: 'usage-error' });
    },
  );

  test('says it in words', () => {
    expect(
      scheduleLines({ snapshots: { hourly: 24, daily: 1 }, backups: { folder: '/b', weekly: 0 } }),
    ).toEqual([
      'Snapshots: one an hour; kept: the last 24 hours, the last day',
      'Backups:   none by schedule (folder /b)',
    ]);
  });
});

test('backups as a table, with what is wrong', () => {
  const one = {
    id: 'backup-2026-11-25T17-00-00-000Z',
    machineId: 'x',
    machineName: 'web\u001b[31m',
    directory: '/b',
    takenAt: '2026-11-25T17:00:00.000Z',
    kind: 'full' as const,
    parent: null,
    automatic: 'daily' as const,
    guest: 'running' as const,
    bytes: 3 * 2 ** 20,
    disks: [],
    problem: null,
  };
  const [heading, whole, bad] = backupLines([one, { ...one, problem: 'cut off' }], true);
  expect(heading).toMatch(/^MACHINE +BACKUP +TAKEN +KIND +SIZE +BY SCHEDULE$/);
  expect(whole).toContain('3 MiB');
  expect(whole).toMatch(/daily +while it ran$/);
  expect(whole).not.toContain('\u001b');
  expect(bad).toMatch(/damaged: cut off$/);
});
