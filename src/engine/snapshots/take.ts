// SPDX-License-Identifier: Apache-2.0
//
// Takes a snapshot. The machine gets new heads before the snapshot gets its name: a kill in between leaves the machine as it
// was, with one more layer that is merged when it is tidied. Never is there a snapshot whose disks somebody writes to.
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { PhyllomeError } from '../../contract/errors.ts';
import type { MachineDefinition } from '../../contract/machine.ts';
import { machineFiles } from '../../contract/paths.ts';
import { locate } from '../../disk/locate.ts';
import { createOverlay } from '../../disk/overlay.ts';
import type { Session } from '../../vmm/driver.ts';
import { requireAble } from '../require-able.ts';
import type { Runner } from '../runner.ts';
import { requireDefinition } from '../running.ts';
import { expectDisks, hasSaved, keepMemory, linkSaved } from '../saved-state.ts';
import type { StoredMachine } from '../store.ts';
import type { TaskContext } from '../tasks.ts';
import {
  freezeHeads,
  guardLayers,
  inspectDisks,
  nameHeads,
  unwriteHeads,
  writableDisks,
  withHeads,
  writeHeads,
  type HeadChange,
} from './heads.ts';
import { addLoose, readLoose, writeLoose } from './loose.ts';
import type { SnapshotParts, Wish } from './parts.ts';
import { snapshotFiles, type SnapshotDisk, type SnapshotRecord } from './record.ts';
import { readCurrent, stageSnapshot, writeCurrent, type StagedSnapshot } from './stage.ts';

type Parts = Pick<SnapshotParts, 'store' | 'definitions'>;

/** Takes one of a machine that does not run. The caller holds its files. */
export async function takeStopped(
  machine: StoredMachine,
  wish: Wish,
  { store, definitions }: Parts,
): Promise<SnapshotRecord> {
  const { directory, name } = machine;
  const disks = writableDisks(name, requireDefinition(machine));
  const saved = hasSaved(directory);
  const record = await newRecord(directory, disks, { ...wish, memory: saved });
  await using stage = await stageSnapshot(directory, record.id);
  if (saved) await linkSaved(join(directory, machineFiles.saved), join(stage.folder, machineFiles.saved));
  await stage.fill(record, store.text(machine));
  const memory = join(directory, machineFiles.saved);
  const heads = await freezeHeads(machine, disks, definitions, async (next) => {
    // The memory fits the new heads as well: they hold the same.
    if (saved) await expectDisks(memory, directory, next);
  });
  await finish(directory, stage, record, heads);
  return record;
}

/** Takes one of a machine that runs or is paused; it goes on as it was. The caller holds it. */
export async function takeLive(
  machine: StoredMachine,
  runner: Runner,
  wish: Wish,
  { store, definitions }: Parts,
  context: TaskContext,
): Promise<SnapshotRecord> {
  const { directory, name } = machine;
  const definition = requireDefinition(machine);
  requireSameSettings(machine.name, definition, runner.notes.definition);
  const session = runner.session();
  for (const ability of ['pause', 'heads'] as const) requireAble(session, ability, runner, name);
  if (wish.memory) requireAble(session, 'memory', runner, name);
  const disks = writableDisks(name, definition);
  const record = await newRecord(directory, disks, wish);
  await using stage = await stageSnapshot(directory, record.id);
  await takePicture(session, join(stage.folder, snapshotFiles.picture));
  const sizes = await inspectDisks(directory, disks);
  const heads = nameHeads(directory, disks);
  await addLoose(
    directory,
    heads.flatMap(({ old, next }) => [old.file, next]),
  );
  for (const [index, { old, next }] of heads.entries()) {
    const backing = { file: locate(directory, old.file), format: old.format };
    await createOverlay(locate(directory, next), backing, sizes[index]);
  }
  const text = store.text(machine);
  {
    await using undo = new AsyncDisposableStack();
    if (runner.state.name === 'running') {
      // A service that is killed from here on leaves a guest that is held; the next one lets it go on.
      await runner.note({ saving: { wasRunning: true } });
      undo.defer(() => goOn(runner, session));
      await session.pause?.();
    }
    await replaceHeads(machine, runner, session, heads, definitions);
    if (wish.memory) await keepMemory(machine, runner, join(stage.folder, machineFiles.saved), context);
    await stage.fill(record, text);
  }
  await finish(directory, stage, record, heads);
  return record;
}

/** A VMM that ended meanwhile has nothing to go on with, and whoever waited for it was told so. */
async function goOn(runner: Runner, session: Session): Promise<void> {
  try {
    await session.resume();
  } catch (error) {
    if (error instanceof PhyllomeError && error.code === 'vmm-gone') return;
    throw error;
  }
  await runner.note({ saving: null });
}

async function newRecord(directory: string, disks: SnapshotDisk[], wish: Wish): Promise<SnapshotRecord> {
  const takenAt = new Date().toISOString();
  return {
    formatVersion: 1,
    id: randomUUID(),
    takenAt,
    parent: await readCurrent(directory),
    disks,
    ...wish,
  };
}

/**
 * The definition comes first: while the VMM still writes to the old images, new ones that hold nothing show the same. The
 * other way round, a kill in between would leave a definition that knows nothing of what the guest writes from then on.
 */
async function replaceHeads(
  machine: StoredMachine,
  runner: Runner,
  session: Session,
  heads: readonly HeadChange[],
  definitions: Parts['definitions'],
): Promise<void> {
  const { directory } = machine;
  const { disks } = requireDefinition(machine);
  await writeHeads(machine, heads, definitions);
  try {
    await session.heads?.replace(
      heads.flatMap(({ old: { index }, next }) => {
        const disk = disks[index];
        if (disk === undefined) return [];
        return [
          {
            disk: index,
            image: { ...disk, file: next, format: 'qcow2' as const },
            file: locate(directory, next),
          },
        ];
      }),
    );
  } catch (error) {
    await unwriteHeads(machine, heads, definitions);
    throw error;
  }
  await guardLayers(
    directory,
    heads.map(({ old }) => old),
  );
  const { definition } = runner.notes;
  if (definition !== undefined)
    await runner.note({ definition: { ...definition, disks: withHeads(definition.disks, heads) } });
}

async function finish(
  directory: string,
  stage: StagedSnapshot,
  { id }: SnapshotRecord,
  heads: readonly HeadChange[],
): Promise<void> {
  await stage.commit();
  await writeCurrent(directory, id);
  const done = new Set(heads.flatMap(({ old, next }) => [old.file, next]));
  const loose = readLoose(directory);
  await writeLoose(directory, { ...loose, files: loose.files.filter((file) => !done.has(file)) });
}

/** A machine without a screen has no picture. */
async function takePicture(session: Session, file: string): Promise<void> {
  try {
    await session.screenshot?.(file);
  } catch (error) {
    if (!(error instanceof PhyllomeError) || error.code !== 'vmm-refused') throw error;
  }
}

/** Memory fits only the hardware it was saved with, and disks are counted as they were when it was started. */
function requireSameSettings(
  name: string,
  now: MachineDefinition,
  started: MachineDefinition | undefined,
): void {
  if (started === undefined || hardwareOf(now) === hardwareOf(started)) return;
  throw new PhyllomeError('snapshot-settings', { name });
}

function hardwareOf(definition: MachineDefinition): string {
  const disks = definition.disks.map(({ file: _, format: __, size: ___, ...disk }) => disk);
  const { name: _, autostart: __, schedule: ___, ...hardware } = definition;
  return JSON.stringify({ ...hardware, disks });
}
