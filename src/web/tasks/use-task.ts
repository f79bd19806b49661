// SPDX-License-Identifier: Apache-2.0
import { useState } from 'react';
import type { Task } from '../../contract/task.ts';
import { useAction } from '../parts/action.ts';
import { call, ServiceError } from '../service/api.ts';
import { useConnection } from '../service/context.ts';
import { followTask } from '../service/follow-task.ts';

export interface FollowedTask {
  /**
   * Begins a task and waits for its end.
   * @returns the task when it was done, else null: see `error`, which `onFailure` gets at once
   */
  run(begin: () => Promise<Task>, onFailure?: (error: unknown) => void): Promise<Task | null>;
  busy: boolean;
  /** How far it is; null before the service told the first time and when none is under way */
  task: Task | null;
  /** Why it failed; an abort is no failure */
  error: unknown;
  abort(): Promise<void>;
  clear(): void;
}

/** A task that this view began and shows the progress of. */
export function useTask(): FollowedTask {
  const connection = useConnection();
  const [task, setTask] = useState<Task | null>(null);
  const action = useAction(
    async (
      begin: () => Promise<Task>,
      onDone: (task: Task) => void,
      onFailure?: (error: unknown) => void,
    ) => {
      try {
        const begun = await begin();
        setTask(begun);
        onDone(await followTask(connection, begun, setTask));
      } catch (error) {
        if (error instanceof ServiceError && error.report.code === 'task-aborted') return;
        onFailure?.(error);
        throw error;
      } finally {
        setTask(null);
      }
    },
  );
  return {
    async run(begin, onFailure) {
      let done: Task | null = null;
      const onDone = (task: Task): void => void (done = task);
      await action.run(begin, onDone, onFailure);
      return done;
    },
    busy: action.busy,
    task,
    error: action.error,
    async abort() {
      // What cannot be aborted any more has ended, and `run` tells how.
      if (task !== null) await call('abortTask', { params: { id: task.id } });
    },
    clear: action.clear,
  };
}
