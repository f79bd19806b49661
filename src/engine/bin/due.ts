// SPDX-License-Identifier: Apache-2.0
//
// When a deleted machine is erased by itself, and when that is said. Pure; moments are milliseconds since 1970.

export const day = 86_400_000;

/** What the service remembers about the setting. */
export interface Notices {
  keepDays: number;
  /** When the setting was made, or when the service first saw it */
  since: number;
  /** Folder in the bin -> when it was said that it will be erased */
  noticed: Readonly<Record<string, number>>;
}

/** A machine in the bin. */
export interface Binned {
  folder: string;
  deletedAt: number;
}

/** The moment to say so: a day before its time is over, and a day at least before anything is done about a new setting. */
export function noticeDue({ deletedAt }: Binned, { keepDays, since }: Notices): number {
  return Math.max(deletedAt + (keepDays - 1) * day, since);
}

/** The moment to erase it: a full day after it was said. @param now until then it cannot be said any more */
export function eraseDue(binned: Binned, notices: Notices, now: number): number {
  const due = noticeDue(binned, notices);
  const said = notices.noticed[binned.folder] ?? Math.max(due, now);
  return Math.max(said, due) + day;
}
