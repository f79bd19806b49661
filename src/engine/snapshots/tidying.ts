// SPDX-License-Identifier: Apache-2.0
//
// When layers are tidied: in the background, while a machine does not run, and giving way to whatever its owner wants.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { PhyllomeError } from '../../contract/errors.ts';
import { machineFiles } from '../../contract/paths.ts';
import type { StoredMachine } from '../store.ts';
import { readLoose } from './loose.ts';
import type { SnapshotParts } from './parts.ts';
import { finishRemovals, hasRemovals } from './remove.ts';
import { finishRevert } from './revert.ts';
import { tidy } from './tidy.ts';

export interface Tidying {
  /** Begins it when there is something to tidy and the machine does not run. Never throws */
  begin(id: string): void;
  /** Ends it, for work that needs the machine; it goes on later */
  giveWay(id: string): Promise<void>;
  /** Resolves when nothing is being tidied */
  idle(): Promise<void>;
  /** Whether `settle` has nothing to do; starts no program */
  isSettled(machine: StoredMachine): boolean;
  /** What a start may not find half-done is done. The caller sees to it that nobody else works on the machine */
  settle(machine: StoredMachine): Promise<void>;
}

export function createTidying(parts: SnapshotParts): Tidying {
  const { store, tasks, holds, running, warn } = parts;
  const at = new Map<string, Promise<unknown>>();
  const controllers = new Map<string, AbortController>();

  const others = async (id: string) => (await parts.all()).filter((machine) => machine.id !== id);
  const tidyParts = { find: (id: string) => store.find(id), definitions: parts.definitions, others };

  const run = async (machine: StoredMachine): Promise<void> => {
    const { id, name } = machine;
    const given = new AbortController();
    controllers.set(id, given);
    await using _ = await holds.takeFiles(machine, 'be tidied', 'having its disks tidied');
    const { promise, resolve } = Promise.withResolvers<void>();
    tasks.run(`Tidy the disks of ${name}`, id, async ({ signal, progress }) => {
      try {
        await finishRemovals(machine.directory);
        await tidy(id, tidyParts, { signal: AbortSignal.any([signal, given.signal]), progress });
        parts.changed(machine);
      } catch (error) {
        if (!given.signal.aborted) throw error;
      } finally {
        resolve();
      }
      return id;
    });
    await promise;
  };

  return {
    begin(id) {
      if (at.has(id)) return;
      const work = (async () => {
        const machine = store.list().find((one) => one.id === id);
        if (machine === undefined || running.get(id) !== undefined) return;
        const { files, merging } = readLoose(machine.directory);
        const isTidy = files.length === 0 && merging === null && !(await hasRemovals(machine.directory));
        if (!isTidy) await run(machine);
      })().catch((error: unknown) => {
        const machine = store.list().find((one) => one.id === id);
        // Whoever works on it just now has it tidied at the next end.
        const { code, message } = PhyllomeError.from(error);
        if (machine !== undefined && code !== 'machine-state')
          warn(machine, `Its disks could not be tidied: ${message}`);
      });
      at.set(
        id,
        work.finally(() => {
          at.delete(id);
          controllers.delete(id);
        }),
      );
    },
    async giveWay(id) {
      controllers.get(id)?.abort();
      await at.get(id);
    },
    async idle() {
      await Promise.all(at.values());
    },
    isSettled: ({ directory }) =>
      !existsSync(join(directory, machineFiles.reverting)) && readLoose(directory).merging === null,
    async settle(machine) {
      await finishRevert(machine, parts);
      if (readLoose(machine.directory).merging === null) return;
      const quiet = { signal: new AbortController().signal, progress: () => {} };
      await tidy(machine.id, { ...tidyParts, onlyMerge: true }, quiet);
    },
  };
}
