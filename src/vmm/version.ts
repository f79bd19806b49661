// SPDX-License-Identifier: Apache-2.0

/** '7.2.22', the way QEMU says it. */
export type Version = string;

/** Whether a version is the wanted one or newer; missing parts count as 0. */
export function atLeast(version: Version, wanted: Version): boolean {
  const have = version.split('.').map(Number);
  const need = wanted.split('.').map(Number);
  for (let part = 0; part < need.length; part += 1) {
    const difference = (have[part] ?? 0) - (need[part] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return true;
}
