// SPDX-License-Identifier: Apache-2.0
//
// Phyllome OS as a whole: what the service and root say to each other on a PC that runs it.
import type { ErrorReport } from './errors.ts';
import { Type, type Static } from './schema.ts';

/** What the service may ask root for: a closed list. src/privileged/os/ has a file for each. */
export const osVerbNames = ['power'] as const;
export type OsVerbName = (typeof osVerbNames)[number];

/** How far root is with something long. */
export interface OsProgress {
  step: string;
  /** From 0 to 1; null when that cannot be known */
  fraction: number | null;
}

/** One line from root: exactly one of the keys is there. */
export interface OsAnswer {
  progress?: OsProgress;
  result?: unknown;
  error?: ErrorReport;
}

export const PowerAction = Type.Unsafe<'restart' | 'power-off'>({
  type: 'string',
  enum: ['restart', 'power-off'],
});
export type PowerAction = Static<typeof PowerAction>;

/** The variants of Phyllome OS: by network only, with the page on the PC's own screen, with a whole desktop. */
export const editions = ['headless', 'kiosk', 'desktop'] as const;
export type Edition = (typeof editions)[number];
