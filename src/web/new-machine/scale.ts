// SPDX-License-Identifier: Apache-2.0
//
// The values that sliders stop at: round numbers, close together where they are small.

const MiB = 2 ** 20;
const GiB = 2 ** 30;

// Smallest and largest new disk that the slider offers; a definition takes others too.
const diskRange = { least: 8 * GiB, most: 2048 * GiB };

/** Powers of two, and one step half-way between each, from `least` to `most` bytes. */
export function roundSizes(least: number, most: number): number[] {
  const sizes: number[] = [];
  for (let size = least; size <= most; size *= 2) {
    sizes.push(size);
    if (size * 1.5 <= most) sizes.push(size * 1.5);
  }
  return sizes;
}

/** Memory from 256 MiB to all that a machine may have, which is the last step however odd it is. */
export function memorySteps(most: number, chosen: number): number[] {
  const whole = Math.floor(most / MiB) * MiB;
  return withValues(roundSizes(256 * MiB, whole), [whole, chosen]);
}

export function diskSteps(chosen: number): number[] {
  return withValues(roundSizes(diskRange.least, diskRange.most), [chosen]);
}

export function processorSteps(most: number, chosen: number): number[] {
  return withValues(
    Array.from({ length: Math.max(1, most) }, (_, index) => index + 1),
    [chosen],
  );
}

function withValues(steps: readonly number[], values: readonly number[]): number[] {
  return [...new Set([...steps, ...values])].filter((value) => value > 0).sort((a, b) => a - b);
}
