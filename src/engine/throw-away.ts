// SPDX-License-Identifier: Apache-2.0
//
// Machines that are only there while they run: erased, with their logs and without the bin, as soon as they have stopped,
// however that came about.
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { PhyllomeError } from '../contract/errors.ts';
import type { Paths } from '../contract/paths.ts';
import { leavingPrefix } from './erase.ts';
import type { EventStream } from './event-stream.ts';
import type { Runner } from './runner.ts';
import type { Store, StoredMachine } from './store.ts';

// Who makes such a machine starts it at once; one that nobody started within this time (ms) was left behind.
const startPatience = 60_000;

export interface ThrowAway {
  /** Called when such a machine was made: it is erased if nobody starts it */
  made(id: string): void;
  /** Called when a machine has stopped or crashed. Does nothing to one that is to be kept. Never throws */
  ended(id: string): Promise<void>;
  /**
   * Erases those that an earlier service left behind. Whoever waited for their output lost sight of them with that
   * service, so those that still run are ended.
   */
  sweep(): Promise<void>;
  /** Forgets what was to be looked at later. */
  close(): void;
}

export interface ThrowAwayOptions {
  store: Store;
  paths: Pick<Paths, 'bin' | 'logs'>;
  events: Pick<EventStream, 'emit'>;
  /** What runs it now */
  runner: (id: string) => Pick<Runner, 'cutPower'> | undefined;
  /** Called before such a machine is gone: what else was remembered of it goes, too */
  forget: (id: string) => void;
}

export function createThrowAway({ store, paths, events, runner, forget }: ThrowAwayOptions): ThrowAway {
  const waiting = new Set<NodeJS.Timeout>();

  const find = (id: string): StoredMachine | undefined =>
    store.list().find((machine) => machine.id === id && machine.definition?.throwAway === true);

  const ended = async (id: string): Promise<void> => {
    const machine = find(id);
    if (machine === undefined || runner(id) !== undefined) return;
    const about = { machineId: id, machineName: machine.name };
    try {
      // One rename takes it out of the list; a killed service leaves a name that the next one removes.
      const leaving = join(paths.bin, leavingPrefix + id);
      await mkdir(paths.bin, { recursive: true, mode: 0o700 });
      await store.moveTo(machine, leaving);
      forget(id);
      await rm(leaving, { recursive: true, force: true });
      await rm(join(paths.logs, id), { recursive: true, force: true });
      events.emit({ type: 'machine.erased', ...about });
    } catch (error) {
      events.emit({ type: 'machine.error', ...about, error: PhyllomeError.from(error).report() });
    }
  };

  return {
    ended,
    made(id) {
      const timer = setTimeout(() => {
        waiting.delete(timer);
        void ended(id);
      }, startPatience);
      timer.unref();
      waiting.add(timer);
    },
    async sweep() {
      const left = store.list().filter(({ definition }) => definition?.throwAway === true);
      for (const { id, name } of left) {
        const living = runner(id);
        if (living === undefined) await ended(id);
        // Not waited for: a VMM that hangs must not hold up the service. Its end is heard of like any other.
        else
          void living.cutPower().catch((error: unknown) => {
            const about = { machineId: id, machineName: name };
            events.emit({ type: 'machine.error', ...about, error: PhyllomeError.from(error).report() });
          });
      }
    },
    close() {
      for (const timer of waiting) clearTimeout(timer);
    },
  };
}
