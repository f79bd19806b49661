// SPDX-License-Identifier: Apache-2.0
//
// Two pieces of work on one machine at a time would each take away what the other rests on. Whoever works on the files of
// a machine, or with its VMM for longer than a moment, holds it meanwhile.
import { join } from 'node:path';
import { PhyllomeError } from '../contract/errors.ts';
import { machineFiles } from '../contract/paths.ts';
import type { StateName } from '../contract/state.ts';
import { lockFile, type Lock } from '../host/lock.ts';
import { requireVerb, type Verb } from './lifecycle.ts';
import type { StoredMachine } from './store.ts';

type Held = Pick<StoredMachine, 'id' | 'name' | 'directory'>;

/** A hold, until it is disposed of. Doing so twice is fine. */
export interface Hold extends AsyncDisposable {
  release(): Promise<void>;
  /** Keeps the VMMs of every service off. @throws PhyllomeError `machine-in-use` */
  holdFiles(): Promise<void>;
  /** Lets a VMM run it again, while everybody else goes on to be kept off */
  releaseFiles(): Promise<void>;
}

export interface Holds {
  /**
   * Takes a machine, whatever state it is in that allows `verb`.
   * @param doing completes "NAME is ...": "being copied"
   * @throws PhyllomeError `machine-state` when its state does not allow it, or somebody else holds it
   */
  take(machine: Held, verb: Verb, doing: string): Hold;
  /**
   * Takes a machine that does not run for work on its files: no VMM, of whatever service, runs it meanwhile.
   * @throws PhyllomeError `machine-state`, `machine-in-use`
   */
  takeFiles(machine: Held, verb: Verb, doing: string): Promise<Hold>;
  /** @throws PhyllomeError `machine-state` while somebody holds the machine */
  requireFree(machine: Pick<Held, 'id' | 'name'>, verb: string): void;
}

export function createHolds(stateOf: (id: string) => { name: StateName }): Holds {
  const held = new Map<string, string>();

  const requireFree: Holds['requireFree'] = ({ id, name }, verb) => {
    const doing = held.get(id);
    if (doing === undefined) return;
    const next = 'Wait until that has ended ("phyllome tasks"), or abort it.';
    throw new PhyllomeError('machine-state', { name, state: doing, verb, next });
  };

  const take: Holds['take'] = (machine, verb, doing) => {
    const { id, name, directory } = machine;
    requireVerb(name, stateOf(id).name, verb);
    requireFree(machine, verb);
    held.set(id, doing);
    let mine = true;
    let lock: Lock | null = null;
    const releaseFiles = async (): Promise<void> => {
      await lock?.release();
      lock = null;
    };
    const release = async (): Promise<void> => {
      await releaseFiles();
      if (mine) held.delete(id);
      mine = false;
    };
    const holdFiles = async (): Promise<void> => {
      const path = join(directory, machineFiles.lock);
      lock ??= await lockFile(path);
      if (lock === null) throw new PhyllomeError('machine-in-use', { name, lock: path });
    };
    return { release, holdFiles, releaseFiles, [Symbol.asyncDispose]: release };
  };

  return {
    take,
    async takeFiles(machine, verb, doing) {
      const hold = take(machine, verb, doing);
      try {
        await hold.holdFiles();
        return hold;
      } catch (error) {
        await hold.release();
        throw error;
      }
    },
    requireFree,
  };
}
