// SPDX-License-Identifier: Apache-2.0
import { scheduleKinds, type ScheduleKind } from '../../../contract/backup.ts';
import type { Schedule } from '../../../contract/machine.ts';
import type { Change } from '../settings/changes.ts';

type What = keyof Schedule;

/** How many are kept, as it stands in fields. */
export type TypedSchedule = Record<ScheduleKind, string>;

export function writeSchedule(schedule: Schedule | undefined, what: What): TypedSchedule {
  const kept = schedule?.[what];
  const written = scheduleKinds.map((kind) => [kind, String(kept?.[kind] ?? 0)]);
  return Object.fromEntries(written) as TypedSchedule;
}

/** Whether it is a number of things that can be kept. */
export function isCount(text: string): boolean {
  return /^\s*\d{1,4}\s*$/.test(text) && Number(text) <= 1000;
}

/** What has to be changed in a definition for it; empty when that is nothing. None kept is left out of the file. */
export function scheduleChanges(schedule: Schedule | undefined, what: What, typed: TypedSchedule): Change[] {
  return scheduleKinds.flatMap((kind): Change[] => {
    const wanted = Number(typed[kind]);
    if (wanted === (schedule?.[what]?.[kind] ?? 0)) return [];
    const path = ['schedule', what, kind];
    return [wanted === 0 ? { path } : { path, value: wanted }];
  });
}
