// SPDX-License-Identifier: Apache-2.0

export interface Summary {
  median: number;
  smallest: number;
  largest: number;
  p99: number;
}

/** Median, extremes and 99th percentile of some figures. */
export function summary(figures: readonly number[]): Summary {
  const sorted = figures.toSorted((a, b) => a - b);
  const at = (part: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? NaN;
  return { median: at(0.5), smallest: at(0), largest: sorted.at(-1) ?? NaN, p99: at(0.99) };
}

/** Prints one line of a table. */
export function row(label: string, { median, smallest, largest }: Summary): void {
  console.log(`  ${label.padEnd(52)} ${median.toFixed(1)} (${smallest.toFixed(1)}-${largest.toFixed(1)})`);
}
