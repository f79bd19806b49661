// SPDX-License-Identifier: Apache-2.0
import type { Task } from '../../contract/task.ts';

/** Running tasks in the order in which they began, ended ones with the latest first. */
export function arrangeTasks(tasks: readonly Task[]): { running: Task[]; ended: Task[] } {
  const running = tasks.filter(({ endedAt }) => endedAt === null);
  const ended = tasks.filter(({ endedAt }) => endedAt !== null);
  return {
    running: running.sort((a, b) => a.startedAt.localeCompare(b.startedAt)),
    ended: ended.sort((a, b) => (b.endedAt ?? '').localeCompare(a.endedAt ?? '')),
  };
}

/**
 * Whether an abort throws something away: bytes that were moved, or a machine that is being made. Aborting a
 * shutdown only ends the waiting.
 */
export function losesWork(task: Task, machines: readonly { id: string }[]): boolean {
  if (task.bytes !== null && task.bytes.done > 0) return true;
  return task.machineId !== null && machines.every(({ id }) => id !== task.machineId);
}
