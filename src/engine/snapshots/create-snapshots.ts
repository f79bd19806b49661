// SPDX-License-Identifier: Apache-2.0
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PhyllomeError } from '../../contract/errors.ts';
import { checkName } from '../../contract/name.ts';
import { machineFiles } from '../../contract/paths.ts';
import type { ChangeSnapshot, RevertSnapshot, SnapshotTree, TakeSnapshot } from '../../contract/snapshot.ts';
import type { Task } from '../../contract/task.ts';
import { backingOf } from '../../disk/chain.ts';
import { locate } from '../../disk/locate.ts';
import { errorCode, explainNoSpace } from '../../host/files.ts';
import type { Hold } from '../holds.ts';
import { requireNoTemplate } from '../clones/template.ts';
import { requireUnencrypted } from '../encryption/require-unencrypted.ts';
import { requireDefinition } from '../running.ts';
import type { StoredMachine } from '../store.ts';
import type { TaskContext } from '../tasks.ts';
import { isAsTaken } from './as-taken.ts';
import { writableDisks } from './heads.ts';
import { requireLayersRun } from './layered.ts';
import { removeLeftOvers } from './left-overs.ts';
import { findSnapshot, listSnapshots } from './list.ts';
import type { SnapshotParts, Wish } from './parts.ts';
import { readRecords, snapshotFiles, snapshotFolder, writeRecord, type SnapshotRecord } from './record.ts';
import { removeSnapshot } from './remove.ts';
import { revert } from './revert.ts';
import { readCurrent } from './stage.ts';
import { takeLive, takeStopped } from './take.ts';
import { createTidying } from './tidying.ts';

/** What the rest of the engine and the schedules do with snapshots. */
export interface Snapshots {
  list(machine: StoredMachine): Promise<SnapshotTree>;
  take(machine: StoredMachine, request: TakeSnapshot): Promise<Task>;
  change(machine: StoredMachine, ref: string, request: ChangeSnapshot): Promise<SnapshotTree>;
  revert(machine: StoredMachine, ref: string, request: RevertSnapshot): Promise<Task>;
  remove(machine: StoredMachine, ref: string): Promise<Task>;
  /** PNG. @throws PhyllomeError `snapshot-not-found` also when it has none */
  picture(machine: StoredMachine, ref: string): Promise<Uint8Array>;

  /** Takes one as part of other work; waits for nobody who holds the machine. @throws as the operations */
  takeNow(machine: StoredMachine, wish: Wish, context: TaskContext): Promise<SnapshotRecord>;
  /** Removes one as part of other work. Its space comes back later */
  removeNow(machine: StoredMachine, id: string): Promise<void>;
  /** What it keeps. Immutable until it is removed */
  records(machine: StoredMachine): Promise<SnapshotRecord[]>;

  /** To be called before each start */
  beforeStart(machine: StoredMachine): Promise<void>;
  /** To be called after each end of a machine. Never throws */
  ended(id: string): void;
  /** Puts in order what a killed service left; never throws */
  recoverAll(): Promise<void>;
  /** Resolves when nothing is being tidied: at the end of a service, after its tasks were aborted */
  idle(): Promise<void>;
}

export function createSnapshots(parts: SnapshotParts): Snapshots {
  const { store, tasks, holds, running, definitions, warn, changed } = parts;
  const tidying = createTidying(parts);

  /** Takes a machine for a change of its snapshots: its files where it does not run. */
  const hold = async (
    machine: StoredMachine,
    verb: Parameters<typeof holds.take>[1],
    doing: string,
  ): Promise<Hold> => {
    await tidying.giveWay(machine.id);
    if (running.get(machine.id) !== undefined) return holds.take(machine, verb, doing);
    const held = await holds.takeFiles(machine, verb, doing);
    try {
      await tidying.settle(store.find(machine.id));
      return held;
    } catch (error) {
      await held.release();
      throw error;
    }
  };

  const requireKeepable = async (machine: StoredMachine): Promise<void> => {
    const definition = requireDefinition(machine);
    requireNoTemplate(machine, 'be kept as a snapshot');
    // A new head would need the key, and its memory lie beside it in clear.
    requireUnencrypted(definition, 'be kept as a snapshot');
    writableDisks(machine.name, definition);
    await requireLayersRun(machine, running);
  };

  const takeHeld = async (id: string, wish: Wish, context: TaskContext): Promise<SnapshotRecord> => {
    const machine = store.find(id);
    await requireKeepable(machine);
    const runner = running.get(id);
    const record =
      runner === undefined
        ? await takeStopped(machine, wish, { store, definitions })
        : await takeLive(machine, runner, wish, { store, definitions }, context);
    changed(machine);
    return record;
  };

  /** Runs a task that lets go of the machine at its end, whatever becomes of it. */
  const holding = (
    what: string,
    { id, directory }: StoredMachine,
    held: Hold,
    work: (context: TaskContext) => Promise<void>,
  ): Task =>
    tasks.run(what, id, async (context) => {
      try {
        await work(context);
        return id;
      } catch (error) {
        throw explain(error, directory);
      } finally {
        await held.release();
        tidying.begin(id);
      }
    });

  const revertHeld = async (
    id: string,
    ref: string,
    request: RevertSnapshot,
    held: Hold,
    context: TaskContext,
  ) => {
    const { discard } = request;
    const machine = store.find(id);
    const record = await findSnapshot(machine, ref);
    const runner = running.get(id);
    const wish = {
      name: `Before going back to ${record.name}`,
      note: '',
      memory: true,
      automatic: 'before-revert',
    };
    if (!discard && (runner !== undefined || !(await isUnchanged(machine, store.text(machine))))) {
      context.progress('Keeping how it is now', null);
      await takeHeld(id, wish, context);
    }
    if (runner !== undefined) {
      await runner.cutPower();
      await runner.ended;
      await held.holdFiles();
    }
    context.progress(`Going back to ${record.name}`, null);
    // Merges may have changed where its disks are.
    await revert(store.find(id), await findSnapshot(machine, record.id), { store, definitions });
    changed(machine);
    await held.release();
    const start = request.start ?? (runner !== undefined || record.memory);
    if (!start) return;
    context.progress(`Starting ${machine.name}`, null);
    await running.start(store.find(id));
  };

  const snapshots: Snapshots = {
    list: listSnapshots,
    async take(machine, request) {
      await requireKeepable(machine);
      const wish = wishOf(request);
      const held = await hold(machine, 'be kept as a snapshot', 'being kept as a snapshot');
      return holding(`Take snapshot ${wish.name} of ${machine.name}`, machine, held, async (context) => {
        await takeHeld(machine.id, wish, context);
      });
    },
    async change(machine, ref, { name, note }) {
      const record = await findSnapshot(machine, ref);
      await writeRecord(snapshotFolder(machine.directory, record.id), {
        ...record,
        name: name === undefined ? record.name : checkName(name),
        note: note ?? record.note,
        // One that somebody cares for is no longer removed by itself.
        automatic: null,
      });
      changed(machine);
      return listSnapshots(machine);
    },
    async revert(machine, ref, request) {
      requireNoTemplate(machine, 'go back to a snapshot');
      const { id, name } = await findSnapshot(machine, ref);
      const held = await hold(machine, 'go back to a snapshot', 'going back to a snapshot');
      return holding(`Bring ${machine.name} back to ${name}`, machine, held, (context) =>
        revertHeld(machine.id, id, request, held, context),
      );
    },
    async remove(machine, ref) {
      const { id, name } = await findSnapshot(machine, ref);
      const held = await hold(machine, 'lose a snapshot', 'losing a snapshot');
      return holding(`Delete snapshot ${name} of ${machine.name}`, machine, held, async () => {
        await removeSnapshot(machine, await findSnapshot(machine, id));
        changed(machine);
      });
    },
    async picture(machine, ref) {
      const { id } = await findSnapshot(machine, ref);
      try {
        return await readFile(join(snapshotFolder(machine.directory, id), snapshotFiles.picture));
      } catch (error) {
        if (errorCode(error) !== 'ENOENT') throw error;
        throw new PhyllomeError('snapshot-not-found', { name: machine.name, ref: `${ref} with a picture` });
      }
    },

    async takeNow(machine, wish, context) {
      await using _ = await hold(machine, 'be kept as a snapshot', 'being kept as a snapshot');
      return takeHeld(machine.id, wish, context);
    },
    async removeNow(machine, id) {
      {
        await using _ = await hold(machine, 'lose a snapshot', 'losing a snapshot');
        await removeSnapshot(machine, await findSnapshot(machine, id));
      }
      changed(machine);
      tidying.begin(machine.id);
    },
    records: async (machine) => (await readRecords(machine.directory)).records,

    async beforeStart(machine) {
      await tidying.giveWay(machine.id);
      await tidying.settle(machine);
    },
    ended: (id) => tidying.begin(id),
    idle: tidying.idle,
    async recoverAll() {
      for (const machine of store.list()) {
        // Most machines have no snapshots, and the service is waited for.
        if (!existsSync(join(machine.directory, machineFiles.snapshots))) continue;
        try {
          await removeLeftOvers(machine.directory);
          await catchUp(machine);
          if (running.get(machine.id) === undefined && !tidying.isSettled(machine)) await settleHeld(machine);
          tidying.begin(machine.id);
        } catch (error) {
          warn(machine, `Its snapshots could not be put in order: ${PhyllomeError.from(error).message}`);
        }
      }
    },
  };

  const settleHeld = async (machine: StoredMachine): Promise<void> => {
    await using _ = await hold(machine, 'be tidied', 'having its disks tidied');
  };

  /** A service that was killed in the middle of a snapshot left a VMM that writes to the image from before. */
  const catchUp = async (machine: StoredMachine): Promise<void> => {
    const runner = running.get(machine.id);
    const session = runner?.session();
    if (runner === undefined || session?.heads === undefined || machine.definition === null) return;
    const noted = [...(runner.notes.definition?.disks ?? [])];
    for (const [disk, image] of machine.definition.disks.entries()) {
      const file = locate(machine.directory, image.file);
      const now = image.readOnly ? null : await session.heads.current(disk);
      if (now === null) continue;
      if (now !== file && !(await restsOn(file, now))) continue;
      if (now !== file) await session.heads.replace([{ disk, image, file }]);
      const before = noted[disk];
      if (before !== undefined) noted[disk] = { ...before, file: image.file, format: image.format };
    }
    // What it is saved with is noted by the names that its disks have now.
    const { definition } = runner.notes;
    if (definition !== undefined && definition.disks.some(({ file }, disk) => file !== noted[disk]?.file))
      await runner.note({ definition: { ...definition, disks: noted } });
  };
  return snapshots;
}

function wishOf({ name, note, memory }: TakeSnapshot): Wish {
  const time = new Date().toISOString().slice(0, 16).replace('T', ' ');
  return {
    name: name === undefined ? `${time} UTC` : checkName(name),
    note: note ?? '',
    memory,
    automatic: null,
  };
}

async function isUnchanged(machine: StoredMachine, text: string): Promise<boolean> {
  const { records } = await readRecords(machine.directory);
  const current = await readCurrent(machine.directory);
  const record = records.find(({ id }) => id === current);
  return record !== undefined && (await isAsTaken(machine, text, record));
}

/** A file system that takes nothing is no defect of ours, whichever step found it out. */
function explain(error: unknown, directory: string): unknown {
  if (errorCode(error) !== 'EROFS') return explainNoSpace(error, 'the snapshot', directory);
  const reason = 'its file system can only be read';
  const what = 'folder of the machine';
  return new PhyllomeError('file-unreadable', { what, file: directory, reason }, { cause: error });
}

async function restsOn(file: string, base: string): Promise<boolean> {
  return (await backingOf(file))?.file === base;
}
