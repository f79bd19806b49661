// SPDX-License-Identifier: Apache-2.0
//
// The partitions of an image as files of their own, which mkosi leaves beside it: NAME.KIND.ID.raw.
import { readdir } from 'node:fs/promises';

export interface PartitionFile {
  file: string;
  /** Of the partition, as a UUID: the two of /usr are the halves of its seal. null: it may have any */
  id: string | null;
}

/** @param kind as systemd-repart names types: esp, usr-x86-64, usr-x86-64-verity */
export async function findPartition(folder: string, name: string, kind: string): Promise<PartitionFile> {
  const start = `${name}.${kind}.`;
  for (const file of await readdir(folder)) {
    const [, id] =
      (file.startsWith(start) && /^(?:([0-9a-f]{32})\.)?raw$/.exec(file.slice(start.length))) || [];
    if (file === `${start}raw`) return { file, id: null };
    if (id !== undefined)
      return { file, id: id.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5') };
  }
  throw new Error(`mkosi left no ${kind} of ${name} in ${folder}`);
}
