// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { isCount, scheduleChanges, writeSchedule } from './schedule.ts';

const schedule = { snapshots: { hourly: 6 }, backups: { folder: '/backups', daily: 7 } };

test('what is kept is shown, and nothing as 0', () => {
  expect(writeSchedule(schedule, 'backups')).toEqual({ hourly: '0', daily: '7', weekly: '0' });
  expect(writeSchedule(undefined, 'snapshots')).toEqual({ hourly: '0', daily: '0', weekly: '0' });
});

test('only what differs is changed, and 0 takes the key out', () => {
  expect(scheduleChanges(schedule, 'backups', { hourly: '0', daily: '7', weekly: '0' })).toEqual([]);
  expect(scheduleChanges(schedule, 'snapshots', { hourly: '0', daily: ' 3 ', weekly: '0' })).toEqual([
    { path: ['schedule', 'snapshots', 'hourly'] },
    { path: ['schedule', 'snapshots', 'daily'], value: 3 },
  ]);
});

test.each(['', '-1', '1.5', '1001', 'ten'])('"%s" is no number that can be kept', (text) => {
  expect(isCount(text)).toBe(false);
});
