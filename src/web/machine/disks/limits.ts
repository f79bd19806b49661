// SPDX-License-Identifier: Apache-2.0
import type { DiskLimits } from '../../../contract/machine.ts';

export const limitKeys = [
  'readBytesPerSecond',
  'writeBytesPerSecond',
  'readOpsPerSecond',
  'writeOpsPerSecond',
] as const satisfies readonly (keyof DiskLimits)[];
type LimitKey = (typeof limitKeys)[number];

/** Limits as they stand in fields: rates in MiB a second, empty for none. */
export type TypedLimits = Record<LimitKey, string>;

const unitOf = (key: LimitKey): number => (key.endsWith('BytesPerSecond') ? 2 ** 20 : 1);
const most = (key: LimitKey): number => (key.endsWith('BytesPerSecond') ? 2 ** 20 : 10_000_000);

export function writeLimits(limits: DiskLimits): TypedLimits {
  const written = limitKeys.map((key) => {
    const value = limits[key];
    // Less than a MiB is rounded up: 0 would look like none.
    return [key, value === undefined ? '' : String(Math.ceil(value / unitOf(key)))];
  });
  return Object.fromEntries(written) as TypedLimits;
}

/** @returns null when one of them is no number that can be set */
export function readLimits(typed: TypedLimits): DiskLimits | null {
  const limits: DiskLimits = {};
  for (const key of limitKeys) {
    const text = typed[key].trim();
    if (text === '') continue;
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < 1 || value > most(key)) return null;
    limits[key] = value * unitOf(key);
  }
  return limits;
}
