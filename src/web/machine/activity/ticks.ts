// SPDX-License-Identifier: Apache-2.0

/**
 * Where the lines of an axis from 0 are: at most six, and the last is not below `most`.
 * @param unit 'bytes' has lines at powers of two, so that they are whole KiB, MiB, GiB; 'number' at 1, 2, 5 x 10^n
 */
export function ticksUpTo(most: number, unit: 'bytes' | 'number'): number[] {
  const step = unit === 'bytes' ? byteStep(most) : decimalStep(most);
  const count = Math.ceil(most / step - 1e-9);
  return Array.from({ length: count + 1 }, (_, index) => index * step);
}

function byteStep(most: number): number {
  return 2 ** Math.max(0, Math.ceil(Math.log2(most / 4)));
}

function decimalStep(most: number): number {
  const rough = most / 4;
  const magnitude = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].find((factor) => factor * magnitude >= rough - 1e-9) ?? 10;
  return step * magnitude;
}
