// SPDX-License-Identifier: Apache-2.0
//
// Which of the things that were made by themselves are kept: as restic and borg do it, since people know that. Pure.
import { scheduleKinds, type ScheduleKind } from '../../contract/backup.ts';

/** How many are kept of each kind; left out: none */
export type Retention = Partial<Record<ScheduleKind, number>>;

/**
 * Goes through the hours, days and weeks that have something in them, the newest first, and keeps the newest of each, so
 * many times as is wished. Hours without anything do not count: a PC that was off for a month loses nothing by it. The very
 * newest is kept in any case, and without any wish all are.
 * @param items in any order
 * @returns those to keep
 */
export function kept<Item>(
  items: readonly Item[],
  timeOf: (item: Item) => Date,
  wishes: Retention,
): Set<Item> {
  if (!scheduleKinds.some((kind) => (wishes[kind] ?? 0) > 0)) return new Set(items);
  const newestFirst = items.toSorted((a, b) => timeOf(b).getTime() - timeOf(a).getTime());
  const keep = new Set(newestFirst.slice(0, 1));
  for (const kind of scheduleKinds) {
    const seen = new Set<string>();
    for (const item of newestFirst) {
      const bucket = bucketOf[kind](timeOf(item));
      if (seen.has(bucket)) continue;
      if (seen.size >= (wishes[kind] ?? 0)) break;
      seen.add(bucket);
      keep.add(item);
    }
  }
  return keep;
}

// Days and weeks are those of the people here; hours are counted through, since one comes twice when summer time ends.
const bucketOf: Record<ScheduleKind, (time: Date) => string> = {
  hourly: (time) => String(Math.floor(time.getTime() / 3_600_000)),
  daily: (time) => `${time.getFullYear()}-${time.getMonth()}-${time.getDate()}`,
  weekly: (time) => {
    // Named by its Monday, so that the turn of the year is in one week.
    const monday = new Date(time.getFullYear(), time.getMonth(), time.getDate() - ((time.getDay() + 6) % 7));
    return `${monday.getFullYear()}-${monday.getMonth()}-${monday.getDate()}`;
  },
};
