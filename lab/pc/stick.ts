// SPDX-License-Identifier: Apache-2.0
//
// A stick as people have it: one large FAT file system, with files that somebody copied onto it.
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { emptyDisk } from './disks.ts';
import type { LabDisk } from './pc-spec.ts';
import type { Tools } from './tools.ts';

/** @param folder whose files come into the folder `name` of the stick; null: it is empty */
export async function fatStick(
  tools: Tools,
  file: string,
  content: { folder: string; name: string } | null,
): Promise<LabDisk> {
  await emptyDisk(file, 2048);
  await tools.run('mkfs.vfat', '-F', '32', '-n', 'STICK', file);
  if (content !== null) {
    await tools.run('mmd', '-i', file, `::${content.name}`);
    const files = (await readdir(content.folder)).map((name) => join(content.folder, name));
    await tools.run('mcopy', '-i', file, ...files, `::${content.name}`);
  }
  return { id: 'pocket', file, format: 'raw', bus: 'stick' };
}
