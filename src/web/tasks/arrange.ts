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

/** Whether a system is being installed into a machine that is there already: an abort removes it. */
export function isInstalling(task: Task, machine: { id: string; name: string }): boolean {
  return (
    task.state === 'running' &&
    task.machineId === machine.id &&
    [`Create ${machine.name}`, `Install ${machine.name}`].includes(task.what)
  );
}

/**
 * Whether an abort throws something away: bytes that were moved, or a machine that is being made or installed.
 * Aborting a shutdown only ends the waiting.
 */
export function losesWork(task: Task, machines: readonly { id: string; name: string }[]): boolean {
  if (task.bytes !== null && task.bytes.done > 0) return true;
  const machine = machines.find(({ id }) => id === task.machineId);
  return task.machineId !== null && (machine === undefined || isInstalling(task, machine));
}
