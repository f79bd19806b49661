// SPDX-License-Identifier: Apache-2.0
import type { TaskContext, Tasks } from '../tasks.ts';

/** Does work as a task, which people see and may abort, and waits for its end. @throws what the work throws */
export function runTask(
  tasks: Pick<Tasks, 'run'>,
  what: string,
  machineId: string,
  work: (context: TaskContext) => Promise<void>,
): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  tasks.run(what, machineId, async (context) => {
    try {
      await work(context);
    } catch (error) {
      reject(error);
      throw error;
    }
    resolve();
    return machineId;
  });
  return promise;
}
