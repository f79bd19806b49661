// SPDX-License-Identifier: Apache-2.0

const units: Record<string, number> = { B: 1, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30, TiB: 2 ** 40 };
const shortUnits: Record<string, string> = { K: 'KiB', M: 'MiB', G: 'GiB', T: 'TiB' };

/**
 * Reads a size as people write it: "4GiB", "512 MiB", "1.5G", or a whole number of bytes.
 *
 * K, M, G and T mean the binary units, as in QEMU. KB, MB, GB are refused: half of the world means
 * 1000 by them, so whatever we chose would be wrong for somebody.
 *
 * @returns bytes (a whole number), or null when the text is not a size
 */
export function parseSize(text: string | number): number | null {
  if (typeof text === 'number') return Number.isSafeInteger(text) && text >= 0 ? text : null;
  const match = /^(\d+(?:\.\d+)?)\s*([KMGT]iB|[KMGT]|B|)$/.exec(text.trim());
  if (match === null) return null;
  const unit = match[2] === '' ? 'B' : (match[2] as string);
  const bytes = Number(match[1]) * (units[shortUnits[unit] ?? unit] as number);
  return Number.isSafeInteger(bytes) ? bytes : null;
}

/** Writes bytes in the largest unit that keeps the value exact: 2147483648 -> "2GiB", 1000 -> "1000". */
export function formatSize(bytes: number): string {
  for (const unit of ['TiB', 'GiB', 'MiB', 'KiB']) {
    const factor = units[unit] as number;
    if (bytes >= factor && bytes % factor === 0) return `${bytes / factor}${unit}`;
  }
  return String(bytes);
}

/**
 * Writes bytes for people to read: "1.25 GiB", "300 MiB". What is needed is rounded up and what there is down, so that what
 * does not fit never looks as if it did.
 */
export function roundSize(bytes: number, round: 'up' | 'down' = 'up'): string {
  const whole = round === 'up' ? Math.ceil : Math.floor;
  for (const unit of ['TiB', 'GiB']) {
    const factor = units[unit] as number;
    if (bytes >= factor) return `${whole((bytes / factor) * 100) / 100} ${unit}`;
  }
  return `${whole(Math.max(0, bytes) / 2 ** 20)} MiB`;
}
