// SPDX-License-Identifier: Apache-2.0

/** A name for a new disk in the machine's folder that none of these files has. */
export function newDiskFile(taken: readonly string[]): string {
  for (let number = new Set(taken).size + 1; ; number += 1) {
    const file = `disks/disk${number}.qcow2`;
    if (!taken.includes(file)) return file;
  }
}
