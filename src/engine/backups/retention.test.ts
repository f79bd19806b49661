// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { kept, type Retention } from './retention.ts';

const identity = (time: Date): Date => time;
const at = (text: string): Date => new Date(text);
const keptTexts = (times: readonly string[], wishes: Retention): string[] => {
  const dates = times.map(at);
  const keep = kept(dates, identity, wishes);
  return times.filter((_, index) => keep.has(dates[index] as Date));
};

const times = fc.array(
  fc.date({ min: at('2026-01-01T00:00:00Z'), max: at('2026-03-31T23:59:59Z'), noInvalidDate: true }),
  { maxLength: 60 },
);
const count = fc.option(fc.nat(8), { nil: undefined });
const wishes = fc
  .record({ hourly: count, daily: count, weekly: count })
  .map(
    (all) => Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)) as Retention,
  );

describe('what is kept', () => {
  test('of an ordinary week', () => {
    const day = (date: number, hour: string): string => `2026-11-${date}T${hour}:00`;
    const all = [
      day(16, '10:00'),
      day(20, '09:00'),
      day(21, '09:00'),
      day(22, '08:00'),
      day(22, '08:59'),
      day(22, '12:30'),
    ];
    expect(keptTexts(all, { hourly: 2 })).toEqual([day(22, '08:59'), day(22, '12:30')]);
    expect(keptTexts(all, { daily: 2 })).toEqual([day(21, '09:00'), day(22, '12:30')]);
    // The 16th is the Monday of that week.
    expect(keptTexts(all, { weekly: 5 })).toEqual([day(22, '12:30')]);
    expect(keptTexts(all, {})).toEqual(all);
    expect(keptTexts(all, { hourly: 0, daily: 0 })).toEqual(all);
    // Hours without anything do not count.
    expect(keptTexts(all, { hourly: 5 }).length).toBe(5);
  });

  test('the turn of the year is in one week', () => {
    expect(keptTexts(['2025-12-30T12:00:00', '2026-01-02T12:00:00'], { weekly: 3 })).toEqual([
      '2026-01-02T12:00:00',
    ]);
  });

  test('the newest always, and nothing changes when it is asked again', () => {
    fc.assert(
      fc.property(times, wishes, (all, wish) => {
        const keep = kept(all, identity, wish);
        const newest = Math.max(...all.map((time) => time.getTime()));
        if (all.length > 0) expect([...keep].some((time) => time.getTime() === newest)).toBe(true);
        expect(kept([...keep], identity, wish)).toEqual(keep);
      }),
    );
  });

  test('of the hours, days and weeks that have something, the newest of the last so many', () => {
    fc.assert(
      fc.property(times, wishes, (all, wish) => {
        const keep = kept(all, identity, wish);
        if (Object.values(wish).every((number) => number === 0)) return;
        const days = [...new Set(all.map((time) => time.toDateString()))].toSorted(
          (a, b) => Date.parse(b) - Date.parse(a),
        );
        for (const day of days.slice(0, wish.daily ?? 0)) {
          const ofDay = all.filter((time) => time.toDateString() === day).map((time) => time.getTime());
          expect([...keep].some((time) => time.getTime() === Math.max(...ofDay))).toBe(true);
        }
        const most = (wish.hourly ?? 0) + (wish.daily ?? 0) + (wish.weekly ?? 0);
        expect(keep.size).toBeLessThanOrEqual(Math.max(1, most));
      }),
    );
  });

  test('more wished for is never less kept', () => {
    fc.assert(
      fc.property(times, wishes, (all, wish) => {
        if (!Object.values(wish).some((number) => number > 0)) return;
        const more = { ...wish, daily: (wish.daily ?? 0) + 1 };
        const keep = kept(all, identity, more);
        for (const one of kept(all, identity, wish)) expect(keep.has(one)).toBe(true);
      }),
    );
  });
});
