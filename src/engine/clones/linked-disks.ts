// SPDX-License-Identifier: Apache-2.0
//
// The disks of a linked clone. What both machines have in common is one file with a name in each folder, which nobody
// writes to any more; above it each has a head of its own. Nothing here takes longer for a larger disk.
import { existsSync } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { createOverlay, type ImageFile } from '../../disk/overlay.ts';
import { locate } from '../../disk/locate.ts';
import { isUntouched, qcow2HeaderOf } from '../../disk/qcow2-file.ts';
import type { Change } from '../definition-change.ts';
import type { DefinitionEditor } from '../definition-editor.ts';
import { freezeHeads, headChanges, nameHeads } from '../snapshots/heads.ts';
import { addLoose } from '../snapshots/loose.ts';
import type { PlannedDisk } from './clone-plan.ts';
import type { Origin } from './origin.ts';
import { copySmall, reflinkFile, shareFile, tryShare } from './share-files.ts';

/**
 * Puts the disks into the folder of the clone.
 * @returns what differs from the definition of the origin, as it is after this
 * @throws PhyllomeError `clone-not-linked`, `no-space`, ...; the origin then shows what it did, perhaps with new heads
 */
export async function linkDisks(
  origin: Origin,
  disks: readonly PlannedDisk[],
  target: string,
  definitions: Pick<DefinitionEditor, 'adapt'>,
): Promise<Change[]> {
  if (origin.snapshot !== null) return overSnapshot(origin, disks, target);
  if (!(await reflinkHeads(origin, disks, target))) await overFrozen(origin, disks, target, definitions);
  return [];
}

/** What a snapshot shows is a layer already; the new heads go over it. */
async function overSnapshot(
  origin: Origin,
  disks: readonly PlannedDisk[],
  target: string,
): Promise<Change[]> {
  await shareLayers(
    origin,
    disks.flatMap(({ chain }) => chain),
    target,
  );
  const heads = nameHeads(target, disks);
  for (const { old, next } of heads)
    await createOverlay(join(target, next), { file: join(target, old.file), format: old.format });
  return headChanges(heads);
}

/** Where the file system shares blocks, the heads are copied by that, and the origin stays untouched. */
async function reflinkHeads(origin: Origin, disks: readonly PlannedDisk[], target: string): Promise<boolean> {
  const { directory } = origin.machine;
  const made: string[] = [];
  for (const { file } of disks) {
    const copy = join(target, file);
    if (!(await reflinkFile(locate(directory, file), copy))) {
      for (const other of made) await rm(other);
      return false;
    }
    made.push(copy);
  }
  await shareLayers(
    origin,
    disks.flatMap(({ chain }) => chain.slice(1)),
    target,
  );
  return true;
}

/** Elsewhere the heads of the origin become layers, and it goes on with new ones, too. */
async function overFrozen(
  origin: Origin,
  disks: readonly PlannedDisk[],
  target: string,
  definitions: Pick<DefinitionEditor, 'adapt'>,
): Promise<void> {
  const { machine } = origin;
  // Whether the file system can do it is found out before the origin is changed.
  for (const { chain, file } of disks) {
    const [head] = chain as [ImageFile];
    await tryShare(machine, head.file, join(target, file));
  }
  const touched: PlannedDisk[] = [];
  // Otherwise the chain of a template would grow with each clone.
  for (const disk of disks) if (!(await isEmptyHead(disk.chain))) touched.push(disk);
  const frozen = touched.length === 0 ? [] : await freezeHeads(machine, touched, definitions);
  const heads = disks.map(({ index, file, chain }) => {
    const next = frozen.find(({ old }) => old.index === index)?.next;
    return { file: next ?? file, layers: next === undefined ? chain.slice(1) : chain };
  });
  await shareLayers(
    origin,
    heads.flatMap(({ layers }) => layers),
    target,
  );
  for (const { file, layers } of heads) {
    const head = locate(machine.directory, file);
    const [top] = layers as [ImageFile];
    const backing = { ...top, file: join(target, relative(machine.directory, top.file)) };
    // The head of the origin is empty and names what it rests on relative to itself: a copy is what qemu-img would make.
    if ((await stat(head)).size <= smallHead) await copySmall(head, join(target, file));
    else await createOverlay(join(target, file), backing);
  }
}

// An empty head of a disk of 64 TiB has 1.3 MiB (bytes).
const smallHead = 4 * 2 ** 20;

async function isEmptyHead([head, below]: readonly ImageFile[]): Promise<boolean> {
  if (head === undefined || below === undefined) return false;
  const header = below.format === 'qcow2' ? await qcow2HeaderOf(below.file) : null;
  return isUntouched(head.file, header?.virtualSize ?? (await stat(below.file)).size);
}

/** Images that several disks rest on are shared once. */
async function shareLayers({ machine }: Origin, layers: readonly ImageFile[], target: string): Promise<void> {
  const files = [...new Set(layers.map(({ file }) => relative(machine.directory, file)))];
  for (const file of files)
    // A disk that is only read may rest on the same image.
    if (!existsSync(join(target, file)))
      await shareFile(machine, locate(machine.directory, file), join(target, file));
  // Once nobody else has them any more, they may be merged like those of a deleted snapshot.
  if (files.length > 0) await addLoose(target, files);
}
