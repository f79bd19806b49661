// SPDX-License-Identifier: Apache-2.0

/** How far back the plots go. */
export const spans = ['minute', 'tenMinutes', 'hour', 'sixHours', 'day'] as const;
export type SpanName = (typeof spans)[number];

/** In seconds */
export const spanSeconds: Record<SpanName, number> = {
  minute: 60,
  tenMinutes: 600,
  hour: 3600,
  sixHours: 6 * 3600,
  day: 86_400,
};
