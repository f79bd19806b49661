// SPDX-License-Identifier: Apache-2.0
import { useState } from 'react';
import type { Body } from '../../contract/api.ts';
import { useAction } from '../parts/action.ts';
import { reportOf } from '../parts/error-note.tsx';
import { call, ServiceError } from '../service/api.ts';
import { useStillHere } from '../tasks/use-still-here.ts';
import { useTask, type FollowedTask } from '../tasks/use-task.ts';

export interface Making {
  /**
   * @param start whether it is started then
   * @param onAccepted called as soon as the service has the request
   * @returns the code of the error when the machine was not made; null when it was, or the making was aborted
   */
  run(request: Body<'createMachine'>, start: boolean, onAccepted: () => void): Promise<string | null>;
  busy: boolean;
  task: FollowedTask;
  isStarting: boolean;
  /** Why it was not made */
  error: unknown;
  /** Set when it was made, and its installation or its start failed */
  madeId: string | null;
  startError: unknown;
  isInstallError: boolean;
}

/** Makes the machine, starts it where that is wanted, and then shows it. */
export function useCreate(onReady: (machineId: string) => void): Making {
  const task = useTask();
  const isHere = useStillHere();
  const start = useAction((ref: string) => call('startMachine', { params: { ref }, body: {} }));
  const [error, setError] = useState<unknown>(null);
  const [installError, setInstallError] = useState<unknown>(null);
  const [madeId, setMadeId] = useState<string | null>(null);
  return {
    async run(request, wantsStart, onAccepted) {
      setError(null);
      setInstallError(null);
      let failure: unknown = null;
      let id = request.name;
      const made = await task.run(
        async () => {
          const begun = await call('createMachine', { body: request });
          onAccepted();
          id = begun.machineId ?? id;
          return begun;
        },
        (thrown) => void (failure = thrown),
      );
      if (made === null && failure === null) return null;
      const state = await stateOf(id);
      if (made === null && state === null) {
        setError(failure);
        return reportOf(failure).code;
      }
      if (made === null) {
        // Its installation failed, and it is there to be looked at.
        setInstallError(failure);
        setMadeId(id);
      } else if (wantsStart && state === 'stopped' && !(await start.run(id))) setMadeId(id);
      else if (isHere()) onReady(id);
      return null;
    },
    busy: task.busy || start.busy,
    task,
    isStarting: start.busy,
    error,
    madeId,
    startError: installError ?? start.error,
    isInstallError: installError !== null,
  };
}

/** Whether there is such a machine, and what it does. */
async function stateOf(ref: string): Promise<string | null> {
  try {
    return (await call('showMachine', { params: { ref } })).state.name;
  } catch (error) {
    if (error instanceof ServiceError && error.status === 404) return null;
    throw error;
  }
}
