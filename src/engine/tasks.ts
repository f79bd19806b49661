// SPDX-License-Identifier: Apache-2.0
import { randomUUID } from 'node:crypto';
import { PhyllomeError } from '../contract/errors.ts';
import type { Task } from '../contract/task.ts';
import type { EventStream } from './event-stream.ts';

// Ended tasks stay visible for whoever looks a little later.
const remembered = 50;
// A build reports progress for every file; listeners hear it at most this often (ms).
const reportInterval = 100;

export interface TaskContext {
  signal: AbortSignal;
  progress(step: string, fraction: number | null): void;
}

export interface Tasks {
  /** Begins long work and returns its task at once. `work` throws to fail and returns the machine it made or changed. */
  run(what: string, machineId: string | null, work: (context: TaskContext) => Promise<string | null>): Task;
  list(): Task[];
  show(id: string): Task;
  /** Asks the work to end and waits until it has undone what it began. An ended task stays as it is. */
  abort(id: string): Promise<Task>;
  /** Aborts everything and waits for it. */
  close(): Promise<void>;
}

interface Entry {
  task: Task;
  controller: AbortController;
  ended: Promise<void>;
}

export function createTasks(events: EventStream): Tasks {
  const entries = new Map<string, Entry>();

  const find = (id: string): Entry => {
    const entry = entries.get(id);
    if (entry === undefined) throw new PhyllomeError('task-not-found', { id });
    return entry;
  };

  const forgetOldest = (): void => {
    const ended = [...entries.values()].filter((entry) => entry.task.state !== 'running');
    for (const entry of ended.slice(0, Math.max(0, ended.length - remembered))) entries.delete(entry.task.id);
  };

  async function perform(
    entry: Entry,
    work: (context: TaskContext) => Promise<string | null>,
  ): Promise<void> {
    const { signal } = entry.controller;
    const update = (change: Partial<Task>): void => {
      entry.task = { ...entry.task, ...change };
      events.emit({ type: 'task.changed', task: entry.task });
    };
    let reportedAt = 0;
    const progress = (step: string, fraction: number | null): void => {
      const now = Date.now();
      if (step === entry.task.step && now - reportedAt < reportInterval) return;
      reportedAt = now;
      update({ step, fraction });
    };
    try {
      const machineId = await work({ signal, progress });
      update({ state: 'done', fraction: 1, machineId, endedAt: new Date().toISOString() });
    } catch (thrown) {
      const error = signal.aborted
        ? new PhyllomeError('task-aborted', { what: entry.task.what })
        : PhyllomeError.from(thrown);
      const state = signal.aborted ? 'aborted' : 'failed';
      update({ state, error: error.report(), endedAt: new Date().toISOString() });
    }
    forgetOldest();
  }

  return {
    run(what, machineId, work) {
      const task: Task = {
        id: randomUUID(),
        what,
        state: 'running',
        step: '',
        fraction: null,
        startedAt: new Date().toISOString(),
        endedAt: null,
        machineId,
        error: null,
      };
      const entry: Entry = { task, controller: new AbortController(), ended: Promise.resolve() };
      entries.set(task.id, entry);
      events.emit({ type: 'task.changed', task });
      entry.ended = perform(entry, work);
      return task;
    },
    list: () => [...entries.values()].map((entry) => entry.task),
    show: (id) => find(id).task,
    async abort(id) {
      const entry = find(id);
      entry.controller.abort();
      await entry.ended;
      return entry.task;
    },
    async close() {
      for (const entry of entries.values()) entry.controller.abort();
      await Promise.all([...entries.values()].map((entry) => entry.ended));
    },
  };
}
