// SPDX-License-Identifier: Apache-2.0
//
// Suspend to disk. The guest is held, its memory written beside its disks, and only when both are safe on the disk does the
// memory get its name and the VMM end. Whatever fails before that, the guest goes on as if nothing had been.
import { rm } from 'node:fs/promises';
import { PhyllomeError } from '../contract/errors.ts';
import type { Task } from '../contract/task.ts';
import type { Holds } from './holds.ts';
import { requireVerb } from './lifecycle.ts';
import { requireAble } from './require-able.ts';
import type { Runner } from './runner.ts';
import type { Running } from './running.ts';
import { commitSaved, discardSaved, savedDetails, savingFolder } from './saved-recovery.ts';
import { keepMemory, syncDisks } from './saved-state.ts';
import type { StoredMachine } from './store.ts';
import type { TaskContext, Tasks } from './tasks.ts';

export interface Saving {
  /** What can be refused is refused at once. @throws PhyllomeError `machine-state`, `save-refused`, `verb-unsupported` */
  save(machine: StoredMachine): Promise<Task>;
  /** Throws the saved memory away, as a power cut would. @throws PhyllomeError `machine-state` */
  discard(machine: StoredMachine): Promise<void>;
}

export interface SavingParts {
  tasks: Tasks;
  holds: Holds;
  running: Pick<Running, 'get' | 'stateOf' | 'discarded'>;
}

export function createSaving({ tasks, holds, running }: SavingParts): Saving {
  return {
    async save(machine) {
      const { id, name } = machine;
      requireVerb(name, running.stateOf(id).name, 'be saved');
      const runner = running.get(id) as Runner;
      if (runner.notes.definition?.throwAway === true)
        throw new PhyllomeError('save-refused', {
          name,
          reason: 'it is there for one run, and gone once that has ended',
          next: 'Make a machine that stays with "phyllome create".',
        });
      requireAble(runner.session(), 'memory', runner, name);
      const hold = holds.take(machine, 'be saved', 'being saved');
      return tasks.run(`Save ${name}`, id, async (context) => {
        try {
          await saveNow(machine, runner, context);
          return id;
        } finally {
          await hold.release();
        }
      });
    },
    async discard(machine) {
      requireVerb(machine.name, running.stateOf(machine.id).name, 'lose its saved memory');
      await using _ = await holds.takeFiles(machine, 'lose its saved memory', 'losing its saved memory');
      await discardSaved(machine.directory);
      running.discarded(machine);
    },
  };
}

async function saveNow(machine: StoredMachine, runner: Runner, context: TaskContext): Promise<void> {
  const { directory, name } = machine;
  const session = runner.session();
  const wasRunning = runner.state.name === 'running';
  const folder = savingFolder(directory);
  await using undo = new AsyncDisposableStack();
  // A service that is killed from here on leaves a guest that is held; the next one lets it go on.
  await runner.note({ saving: { wasRunning } });
  undo.defer(() => goOn(runner, wasRunning));
  if (wasRunning) {
    requireAble(session, 'pause', runner, name);
    context.progress('Holding the guest', null);
    runner.happened('paused', { reason: 'It is being saved.' });
    await session.pause();
  }
  await rm(folder, { recursive: true, force: true });
  const { definition } = await keepMemory(machine, runner, folder, context);
  undo.defer(() => rm(folder, { recursive: true, force: true }));
  await syncDisks(directory, definition);
  context.signal.throwIfAborted();
  await commitSaved(directory);
  undo.move();
  context.progress('Ending its VMM', null);
  await runner.endSaved(savedDetails(directory));
}

/** Undoes the holding. A machine that ended meanwhile has nothing to go on with, and has told so itself. */
async function goOn(runner: Runner, wasRunning: boolean): Promise<void> {
  if (runner.state.name !== 'paused') return;
  if (wasRunning) {
    await runner.session().resume();
    runner.happened('resumed');
  }
  await runner.note({ saving: null });
}
