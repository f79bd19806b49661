// SPDX-License-Identifier: Apache-2.0
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { machineFiles } from '../../contract/paths.ts';
import { locate } from '../../disk/locate.ts';
import { namesIn, removeHalfWritten } from '../../host/files.ts';
import { idPattern } from '../store.ts';
import { guardLayers } from './heads.ts';
import { readRecords } from './record.ts';
import { finishRemovals } from './remove.ts';
import { stagedRevert } from './revert.ts';
import { stagePrefix } from './stage.ts';

/** Removes what a killed service left half-made of snapshots, finishes what it began to delete, and guards what it worked on. */
export async function removeLeftOvers(directory: string): Promise<void> {
  const snapshots = join(directory, machineFiles.snapshots);
  const names = await namesIn(snapshots);
  const kept = names.filter((name) => idPattern.test(name)).map((name) => join(snapshots, name));
  for (const folder of [directory, snapshots, ...kept]) await removeHalfWritten(folder);
  for (const name of names)
    if (name.startsWith(stagePrefix)) await rm(join(snapshots, name), { recursive: true, force: true });
  if (!existsSync(join(directory, machineFiles.reverting)))
    await rm(stagedRevert(directory), { recursive: true, force: true });
  await finishRemovals(directory);
  for (const { disks } of (await readRecords(directory)).records)
    await guardLayers(
      directory,
      disks.filter(({ file }) => existsSync(locate(directory, file))),
    );
}
