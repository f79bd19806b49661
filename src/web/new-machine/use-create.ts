// SPDX-License-Identifier: Apache-2.0
import { useState } from 'react';
import { useAction } from '../parts/action.ts';
import { reportOf } from '../parts/error-note.tsx';
import { call } from '../service/api.ts';
import { useStillHere } from '../tasks/use-still-here.ts';
import { useTask, type FollowedTask } from '../tasks/use-task.ts';
import { requestOf, type Draft, type Sizes } from './draft.ts';

export interface Making {
  /** @returns the code of the error when the machine was not made; null when it was, or the making was aborted */
  run(draft: Draft, name: string, sizes: Sizes): Promise<string | null>;
  busy: boolean;
  task: FollowedTask;
  isStarting: boolean;
  /** Why it was not made */
  error: unknown;
  /** Set when it was made and the start failed */
  madeId: string | null;
  startError: unknown;
}

/** Makes the machine, starts it where that is wanted, and then shows it. */
export function useCreate(onReady: (machineId: string) => void): Making {
  const task = useTask();
  const isHere = useStillHere();
  const start = useAction((ref: string) => call('startMachine', { params: { ref }, body: {} }));
  const [error, setError] = useState<unknown>(null);
  const [madeId, setMadeId] = useState<string | null>(null);
  return {
    async run(draft, name, sizes) {
      setError(null);
      let failure: unknown = null;
      const made = await task.run(
        () => call('createMachine', { body: requestOf(draft, name, sizes) }),
        (thrown) => void (failure = thrown),
      );
      if (made === null) {
        setError(failure);
        return failure === null ? null : reportOf(failure).code;
      }
      const id = made.machineId ?? name;
      if (draft.start && !(await start.run(id))) setMadeId(id);
      else if (isHere()) onReady(id);
      return null;
    },
    busy: task.busy || start.busy,
    task,
    isStarting: start.busy,
    error,
    madeId,
    startError: start.error,
  };
}
