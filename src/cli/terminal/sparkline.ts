// SPDX-License-Identifier: Apache-2.0
const bars = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/** Values as a row of bars from zero to the highest; what is not known is a space. */
export function sparkline(values: readonly (number | null)[]): string {
  const most = Math.max(0, ...values.filter((value) => value !== null));
  return values
    .map((value) => {
      if (value === null) return ' ';
      const level = most === 0 ? 0 : Math.round((Math.max(0, value) / most) * (bars.length - 1));
      return bars[level];
    })
    .join('');
}
