// SPDX-License-Identifier: Apache-2.0

/**
 * How long to wait for something that takes `seconds` at most on two quiet cores (ms). On a busy PC everything takes
 * longer: LAB_PATIENCE=3 waits three times as long.
 */
export function patience(seconds: number): number {
  const factor = Number(process.env['LAB_PATIENCE'] ?? 1);
  return seconds * 1000 * (factor > 0 ? factor : 1);
}
