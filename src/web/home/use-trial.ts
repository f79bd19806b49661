// SPDX-License-Identifier: Apache-2.0
import { useState } from 'react';
import { useAction } from '../parts/action.ts';
import { call } from '../service/api.ts';
import { useStillHere } from '../tasks/use-still-here.ts';
import { useTask, type FollowedTask } from '../tasks/use-task.ts';

export interface Trial {
  run(name: string): Promise<void>;
  /** From the click until the machine runs, or its failure was read */
  began: boolean;
  making: FollowedTask;
  starting: boolean;
  error: unknown;
  clear(): void;
}

/** The first minute of a new user: makes the tiny guest, starts it and shows it. */
export function useTrial(onRunning: (machineId: string) => void): Trial {
  const making = useTask();
  const isHere = useStillHere();
  const [busy, setBusy] = useState(false);
  const start = useAction((id: string) => call('startMachine', { params: { ref: id }, body: {} }));
  const error = making.error ?? start.error;
  return {
    async run(name) {
      setBusy(true);
      start.clear();
      const task = await making.run(() => call('createMachine', { body: { name, from: 'tiny' } }));
      const id = task?.machineId ?? null;
      if (id !== null && (await start.run(id)) && isHere()) onRunning(id);
      setBusy(false);
    },
    began: busy || error !== null,
    making,
    starting: start.busy,
    error,
    clear() {
      making.clear();
      start.clear();
    },
  };
}
