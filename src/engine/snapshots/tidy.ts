// SPDX-License-Identifier: Apache-2.0
//
// Gives the space of loose layers back: one that nothing needs is removed, one with a single image over it becomes one with
// that. What another machine shares (a second name of the same file) is never written to.
import { chmod, rm, stat } from 'node:fs/promises';
import { relative, resolve } from 'node:path';
import { backingOf } from '../../disk/chain.ts';
import { commitDown, rebaseOnto, repoint, type ImageFile } from '../../disk/overlay.ts';
import { locate } from '../../disk/locate.ts';
import { percentIn } from '../../disk/convert.ts';
import type { QemuImgOptions } from '../../disk/qemu-img.ts';
import { sync } from '../../host/files.ts';
import type { DefinitionEditor } from '../definition-editor.ts';
import { hasSaved } from '../saved-state.ts';
import type { StoredMachine } from '../store.ts';
import type { TaskContext } from '../tasks.ts';
import { headMode, inspectDisks, layerMode } from './heads.ts';
import { readLoose, writeLoose, type Loose } from './loose.ts';
import { childrenOf, neededImages, type Needed } from './needed.ts';
import { readRecords, snapshotFolder, writeRecord, type SnapshotDisk } from './record.ts';

export interface TidyParts {
  find: (id: string) => StoredMachine;
  definitions: Pick<DefinitionEditor, 'adapt'>;
  /** All machines but this one, those in the bin too */
  others: (id: string) => Promise<readonly StoredMachine[]>;
  /** Finish the merge that was interrupted, and nothing else */
  onlyMerge?: boolean;
}

type Layer = Pick<SnapshotDisk, 'file' | 'format'>;

/** Just below and above each other, with nothing else in between or beside. */
interface Pair {
  base: Layer;
  child: Layer;
}

/**
 * Tidies the layers of a machine. The caller holds its files. May be ended at any moment and goes on the next time.
 * @throws PhyllomeError `no-space`, `disk-in-use`, ...; the reason of the signal. Nothing is lost then
 */
export async function tidy(id: string, parts: TidyParts, { signal, progress }: TaskContext): Promise<void> {
  for (;;) {
    const machine = parts.find(id);
    const { directory } = machine;
    const loose = readLoose(directory);
    if (loose.merging === null && loose.files.length === 0) return;
    // Without them nobody can tell what they need.
    const { records, problems } = await readRecords(directory);
    if (problems.length > 0 || machine.definition === null) return;
    if (loose.merging !== null) {
      await replaceUpper(machine, loose, loose.merging, parts);
      continue;
    }
    if (parts.onlyMerge === true) return;
    const needed = await neededImages(machine, records, await parts.others(id));
    const left = await removeUnneeded(directory, loose.files, needed);
    if (left.length < loose.files.length) await writeLoose(directory, { files: left, merging: null });
    // A saved memory fits the images as they are: only those that nothing needs may go.
    const pair = hasSaved(directory) ? null : await findPair(machine, left, needed);
    if (pair === null) return;
    if (await goesDown(directory, pair)) {
      await copyDown(machine, pair, { signal, progress });
      await writeLoose(directory, { files: left, merging: pair });
    } else await pullUp(machine, pair, { signal, progress });
  }
}

/** @returns what stays loose: something above it needs it */
async function removeUnneeded(
  directory: string,
  files: readonly string[],
  { heads, layers, pinned, all }: Needed,
): Promise<string[]> {
  const left: string[] = [];
  for (const name of files) {
    const file = resolve(locate(directory, name));
    if (heads.has(file) || layers.has(file)) continue;
    if (all.has(file) || pinned.has(file)) left.push(name);
    else await rm(file, { force: true });
  }
  return left;
}

async function findPair(
  { directory }: StoredMachine,
  loose: readonly string[],
  { pinned }: Needed,
): Promise<Pair | null> {
  for (const name of loose) {
    const base = resolve(locate(directory, name));
    const [child, ...more] = await childrenOf(directory, base);
    if (child === undefined || more.length > 0) continue;
    const format = (await backingOf(child))?.format;
    if (format !== 'raw' && format !== 'qcow2') continue;
    const touched = [base, child];
    if (touched.some((file) => pinned.has(file)) || (await areShared(touched))) continue;
    return { base: { file: name, format }, child: { file: relative(directory, child), format: 'qcow2' } };
  }
  return null;
}

async function areShared(files: readonly string[]): Promise<boolean> {
  const stats = await Promise.all(files.map((file) => stat(file)));
  return stats.some(({ nlink }) => nlink > 1);
}

/** Which of the two has less to copy? */
async function goesDown(directory: string, { base, child }: Pair): Promise<boolean> {
  // Within a chain, "qemu-img rebase" before 8.2 may never end when the upper image is the larger one, as after growing.
  const [below = 0, above = 0] = await inspectDisks(directory, [base, child]);
  if (above > below) return true;
  const [low, high] = await Promise.all([base, child].map(({ file }) => stat(locate(directory, file))));
  return (high?.blocks ?? 0) <= (low?.blocks ?? 0);
}

/** The upper one gets what only the lower one has; that is then needed by nothing. */
async function pullUp(
  { directory }: StoredMachine,
  { base, child }: Pair,
  context: TaskContext,
): Promise<void> {
  const below = await backingOf(locate(directory, base.file));
  const backing = below === null ? null : { file: below.file, format: below.format as ImageFile['format'] };
  await inspectDisks(directory, [child]);
  const upper = locate(directory, child.file);
  await writable(upper, () => rebaseOnto(upper, backing, merging(context, child)));
}

/**
 * The lower one gets what the upper one holds. Nothing but the upper one needs it, and that shows the same all the while: a
 * copy that was interrupted is no harm and holds nobody up, it is made again at some other time.
 */
async function copyDown(
  { directory }: StoredMachine,
  { base, child }: Pair,
  context: TaskContext,
): Promise<void> {
  await inspectDisks(directory, [child]);
  const lower = locate(directory, base.file);
  await writable(lower, async () => {
    await commitDown({ file: locate(directory, child.file), format: child.format }, merging(context, child));
    await sync(lower);
  });
}

/**
 * The lower one takes the place of the upper one wherever that is named. Both show the same, so each step may be repeated;
 * and it has to be, before anybody writes to either.
 */
async function replaceUpper(
  machine: StoredMachine,
  loose: Loose,
  { base, child }: Pair,
  { definitions }: TidyParts,
): Promise<void> {
  const { directory } = machine;
  const [lower, upper] = [resolve(locate(directory, base.file)), resolve(locate(directory, child.file))];
  for (const file of await childrenOf(directory, upper))
    await writable(file, () => repoint(file, { file: lower, format: base.format }));
  for (const record of (await readRecords(directory)).records) {
    const disks = record.disks.map((disk) => (disk.file === child.file ? { ...disk, ...base } : disk));
    const changed = disks.some((disk, index) => disk !== record.disks[index]);
    if (changed) await writeRecord(snapshotFolder(directory, record.id), { ...record, disks });
  }
  await definitions.adapt(machine, ({ disks }) =>
    disks.flatMap(({ file }, index) =>
      file !== child.file
        ? []
        : [
            { path: ['disks', index, 'file'], value: base.file },
            { path: ['disks', index, 'format'], value: base.format },
          ],
    ),
  );
  await rm(upper, { force: true });
  const isHead = machine.definition?.disks.some(({ file }) => file === child.file || file === base.file);
  await chmod(lower, isHead === true ? headMode : layerMode);
  await writeLoose(directory, { ...loose, merging: null });
}

/** Layers are guarded; work that changes nothing of what they show may write to them. */
async function writable(file: string, work: () => Promise<void>): Promise<void> {
  const { mode } = await stat(file);
  await chmod(file, headMode);
  try {
    await work();
  } finally {
    await chmod(file, mode & 0o777);
  }
}

function merging({ signal, progress }: TaskContext, { file }: Layer): QemuImgOptions {
  return { signal, onOutput: percentIn((fraction) => progress(`Merging ${file}`, fraction)) };
}
