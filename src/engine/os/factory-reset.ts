// SPDX-License-Identifier: Apache-2.0
//
// Everything that is kept on this PC is erased, and it starts as on its first day. systemd-repart does that before the
// next start, so what is erased is told here, while it still can be.
import { PhyllomeError } from '../../contract/errors.ts';
import type { FactoryReset, ResetPlan } from '../../contract/os-settings.ts';
import type { Task } from '../../contract/task.ts';
import { measureFolder } from '../bin/deletion.ts';
import type { Bin } from '../bin.ts';
import type { Engine } from '../engine.ts';
import type { Store } from '../store.ts';
import type { Tasks } from '../tasks.ts';
import type { Root } from './root.ts';

export interface ResetParts {
  root: Root;
  tasks: Pick<Tasks, 'run' | 'ended'>;
  store: Pick<Store, 'list'>;
  bin: Pick<Bin, 'list'>;
  /** Folder of the library */
  images: string;
  runningIds: () => readonly string[];
  cutPower: (id: string) => Task;
}

export type ResetFunctions = Pick<Engine, 'planReset' | 'factoryReset'>;

/** What root says of whether it can be done. */
interface ResetOffer {
  hostName: string;
  encrypted: boolean;
  refusal: string | null;
}

export function createFactoryReset(parts: ResetParts): ResetFunctions {
  const { root, tasks, store, bin, images, runningIds, cutPower } = parts;

  const machines = async (): Promise<ResetPlan['machines']> => {
    const running = new Set(runningIds());
    const kept = store.list().map(async ({ id, name, directory }) => {
      const { bytes } = await measureFolder(directory);
      return { id, name, bytes, running: running.has(id), deleted: false };
    });
    const deleted = (await bin.list()).map(({ id, name, bytes }) => ({
      id,
      name,
      bytes,
      running: false,
      deleted: true,
    }));
    return [...(await Promise.all(kept)), ...deleted];
  };

  const planReset = async (): Promise<ResetPlan> => {
    const offer = await root.ask<ResetOffer>('factory-reset', { really: false });
    return { ...offer, machines: await machines(), imageBytes: (await measureFolder(images)).bytes };
  };

  return {
    planReset,
    async factoryReset({ hostName, stopRunning }: FactoryReset) {
      const plan = await planReset();
      if (plan.refusal !== null) throw new PhyllomeError('reset-refused', { reason: plan.refusal });
      if (hostName !== plan.hostName) throw new PhyllomeError('reset-not-confirmed', { name: plan.hostName });
      const running = plan.machines.filter((machine) => machine.running);
      if (running.length > 0 && !stopRunning)
        throw new PhyllomeError('reset-guests-run', { names: running.map(({ name }) => name).join(', ') });
      return tasks.run('Erase everything on this PC', null, async ({ progress }) => {
        progress('machines are stopped', null);
        await Promise.all(running.map(({ id }) => tasks.ended(cutPower(id).id)));
        progress('this PC restarts', null);
        await root.ask('factory-reset', { really: true, hostName });
        return null;
      });
    },
  };
}
