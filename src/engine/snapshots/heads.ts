// SPDX-License-Identifier: Apache-2.0
//
// The heads of a machine: the images that its definition names and its guest writes to. What lies below them is immutable.
import { existsSync } from 'node:fs';
import { chmod } from 'node:fs/promises';
import { extname, isAbsolute } from 'node:path';
import { PhyllomeError } from '../../contract/errors.ts';
import type { Disk, MachineDefinition } from '../../contract/machine.ts';
import { createOverlay } from '../../disk/overlay.ts';
import { inspectImage } from '../../disk/inspect.ts';
import { locate } from '../../disk/locate.ts';
import type { Change } from '../definition-change.ts';
import type { DefinitionEditor } from '../definition-editor.ts';
import type { StoredMachine } from '../store.ts';
import { addLoose } from './loose.ts';
import { isLayerName, type SnapshotDisk } from './record.ts';

/** A head and the new one that is to lie over it. */
export interface HeadChange {
  old: SnapshotDisk;
  /** As the definition will name it */
  next: string;
}

/** Mode of a layer: nobody writes to it by mistake. */
export const layerMode = 0o400;
export const headMode = 0o600;

/**
 * The disks of a machine that a snapshot is about: those that it writes to.
 * @throws PhyllomeError `snapshot-disk` when one of them cannot become a layer
 */
export function writableDisks(name: string, { disks }: MachineDefinition): SnapshotDisk[] {
  return disks.flatMap(({ file, format, readOnly }, index) => {
    if (readOnly) return [];
    if (!isLayerName(file)) throw new PhyllomeError('snapshot-disk', { name, file, reason: whyNot(file) });
    return [{ index, file, format }];
  });
}

function whyNot(file: string): string {
  if (file.startsWith('/dev/')) return 'it is a whole device of this PC';
  if (isAbsolute(file)) return "it lies outside of the machine's folder";
  return 'it does not lie in disks/ of the machine';
}

/**
 * Looks at what the disks are before any tool opens them: images believe every header.
 * @returns the size of each, as the guest sees it (bytes)
 */
export async function inspectDisks(
  directory: string,
  disks: readonly Pick<SnapshotDisk, 'file' | 'format'>[],
): Promise<number[]> {
  const sizes: number[] = [];
  for (const [index, { file, format }] of disks.entries()) {
    const onImage = ({ virtualSize }: { virtualSize: number }) => void (sizes[index] ??= virtualSize);
    await inspectImage({ file: locate(directory, file), format, directory, onImage });
  }
  return sizes;
}

/** Names for new heads that nothing has yet: disks/system.qcow2 is followed by disks/system-2.qcow2. */
export function nameHeads(directory: string, disks: readonly SnapshotDisk[]): HeadChange[] {
  const taken = new Set<string>();
  return disks.map((old) => {
    const stem = old.file.slice(0, old.file.length - extname(old.file).length).replace(/-\d+$/, '');
    for (let number = 2; ; number += 1) {
      const next = `${stem}-${number}.qcow2`;
      if (taken.has(next) || existsSync(locate(directory, next))) continue;
      taken.add(next);
      return { old, next };
    }
  });
}

/** What the definition says once the new heads are there. */
export function headChanges(heads: readonly HeadChange[]): Change[] {
  return heads.flatMap(({ old, next }) => [
    { path: ['disks', old.index, 'file'], value: next },
    { path: ['disks', old.index, 'format'], value: 'qcow2' },
  ]);
}

/** The disks of a definition once the new heads are there. */
export function withHeads(disks: readonly Disk[], heads: readonly HeadChange[]): Disk[] {
  return disks.map((disk, index) => {
    const head = heads.find(({ old }) => old.index === index);
    return head === undefined ? disk : { ...disk, file: head.next, format: 'qcow2' };
  });
}

/**
 * Lays a new head over each disk of a machine that does not run. One write of machine.yaml is the step; the images from
 * before are layers then. Whoever needs them takes them from the list of loose layers, where they are until then.
 * @param beforeWrite gets the disks as the definition will have them, when the new heads are there
 */
export async function freezeHeads(
  machine: StoredMachine,
  disks: readonly SnapshotDisk[],
  definitions: Pick<DefinitionEditor, 'adapt'>,
  beforeWrite: (disks: Disk[]) => Promise<void> = async () => {},
): Promise<HeadChange[]> {
  const { directory } = machine;
  await inspectDisks(directory, disks);
  const heads = nameHeads(directory, disks);
  await addLoose(
    directory,
    heads.flatMap(({ old, next }) => [old.file, next]),
  );
  for (const { old, next } of heads)
    await createOverlay(locate(directory, next), { file: locate(directory, old.file), format: old.format });
  await beforeWrite(withHeads(machine.definition?.disks ?? [], heads));
  await writeHeads(machine, heads, definitions);
  await guardLayers(
    directory,
    heads.map(({ old }) => old),
  );
  return heads;
}

/** @throws PhyllomeError `definition-changed` when the disks are others by now */
export async function writeHeads(
  machine: StoredMachine,
  heads: readonly HeadChange[],
  definitions: Pick<DefinitionEditor, 'adapt'>,
): Promise<void> {
  await definitions.adapt(machine, ({ disks }) => {
    const same = heads.every(({ old }) => disks[old.index]?.file === old.file);
    if (!same) throw new PhyllomeError('definition-changed', { name: machine.name });
    return headChanges(heads);
  });
}

/** Back to the images from before, which the VMM never left. */
export async function unwriteHeads(
  machine: StoredMachine,
  heads: readonly HeadChange[],
  definitions: Pick<DefinitionEditor, 'adapt'>,
): Promise<void> {
  await definitions.adapt(machine, ({ disks }) =>
    heads.flatMap(({ old, next }) =>
      disks[old.index]?.file !== next
        ? []
        : [
            { path: ['disks', old.index, 'file'], value: old.file },
            { path: ['disks', old.index, 'format'], value: old.format },
          ],
    ),
  );
}

export async function guardLayers(
  directory: string,
  layers: readonly Pick<SnapshotDisk, 'file'>[],
): Promise<void> {
  for (const { file } of layers) await chmod(locate(directory, file), layerMode);
}
