// SPDX-License-Identifier: Apache-2.0
//
// When something is to be done by itself. Pure.
import { scheduleKinds, type ScheduleKind } from '../../contract/backup.ts';
import type { Retention } from './retention.ts';

const hour = 3_600_000;
const intervals: Record<ScheduleKind, number> = { hourly: hour, daily: 24 * hour, weekly: 7 * 24 * hour };

/** How often: as often as the smallest unit of which something is to be kept. null: never */
export function rhythmOf(wishes: Retention | undefined): ScheduleKind | null {
  return scheduleKinds.find((kind) => (wishes?.[kind] ?? 0) > 0) ?? null;
}

// What was made this far in the future (ms) was made while the clock was wrong.
const tolerated = 60_000;

/**
 * The moment (ms) from which on the next one is due: an hour, a day, a week after the last. However many were missed while
 * nothing ran, there is one to make up for them.
 * @param times of those that were made, in any order
 */
export function dueAt(times: readonly Date[], kind: ScheduleKind, now: number): number {
  const past = times.map((time) => time.getTime()).filter((time) => time <= now + tolerated);
  return past.length === 0 ? now : Math.max(...past) + intervals[kind];
}

/** How long (ms) after a failure it is tried again: a quarter of an hour, doubled each time, a day at most. */
export function retryAfter(failures: number): number {
  return Math.min(24 * hour, (hour / 4) * 2 ** Math.min(20, failures - 1));
}
