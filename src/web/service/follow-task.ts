// SPDX-License-Identifier: Apache-2.0
import type { Task } from '../../contract/task.ts';
import { call, ServiceError } from './api.ts';
import type { Connection } from './connection.ts';

/**
 * Waits for the end of a task.
 * @returns the task when it was done
 * @throws ServiceError with the task's own error when it failed or was aborted
 */
export async function followTask(
  connection: Connection,
  { id }: Task,
  onChange?: (task: Task) => void,
): Promise<Task> {
  const { promise, resolve, reject } = Promise.withResolvers<Task>();
  const look = (task: Task): void => {
    if (task.id !== id) return;
    onChange?.(task);
    if (task.state === 'done') resolve(task);
    else if (task.error !== null) reject(new ServiceError(task.error, 200));
  };
  const stop = connection.listen((event) => {
    if (event.type === 'task.changed') look(event.task);
    // After a loss the end may have been told to nobody.
    if (event.type === 'events.lost') call('showTask', { params: { id } }).then(look, reject);
  });
  try {
    // It may have ended before we listened.
    look(await call('showTask', { params: { id } }));
    return await promise;
  } finally {
    stop();
  }
}
