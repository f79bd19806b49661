// SPDX-License-Identifier: Apache-2.0
import { randomUUID } from 'node:crypto';
import { PhyllomeError } from '../contract/errors.ts';
import type { Task } from '../contract/task.ts';
import type { EventStream } from './event-stream.ts';
import { createReporter, type Report } from './task-reporter.ts';

// Ended tasks stay visible for whoever looks a little later.
const remembered = 50;

export interface TaskContext {
  signal: AbortSignal;
  progress: Report;
}

/** What a task made or changed: a machine (its id), also with what came of it, an image of the library, or nothing. */
type TaskResult =
  | string
  | null
  | { image: string }
  | { machineId: string; outcome: NonNullable<Task['outcome']> }
  | { outcome: NonNullable<Task['outcome']> };
type Work = (context: TaskContext) => Promise<TaskResult>;

export interface Tasks {
  /** Begins long work and returns its task at once. `work` throws to fail and returns what it made or changed. */
  run(what: string, machineId: string | null, work: Work): Task;
  list(): Task[];
  show(id: string): Task;
  /** Asks the work to end and waits until it has undone what it began. An ended task stays as it is. */
  abort(id: string): Promise<Task>;
  /** Resolves when a task has ended, however it did */
  ended(id: string): Promise<void>;
  /** Aborts everything and waits for it. */
  close(): Promise<void>;
}

interface Entry {
  task: Task;
  controller: AbortController;
  ended: Promise<void>;
}

/** @param now the clock of speeds (ms), which never goes back */
export function createTasks(events: EventStream, now: () => number = () => performance.now()): Tasks {
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

  async function perform(entry: Entry, work: Work): Promise<void> {
    const { signal } = entry.controller;
    const update = (change: Partial<Task>): void => {
      entry.task = { ...entry.task, ...change };
      events.emit({ type: 'task.changed', task: entry.task });
    };
    using reporter = createReporter(now, () => entry.task.step, update);
    const end = (change: Partial<Task>): void =>
      update({ ...reporter.last(), ...change, endedAt: new Date().toISOString() });
    try {
      const result = await work({ signal, progress: reporter.progress });
      const made = typeof result === 'object' && result !== null ? result : { machineId: result };
      end({ state: 'done', fraction: 1, ...made });
    } catch (thrown) {
      const error = signal.aborted
        ? new PhyllomeError('task-aborted', { what: entry.task.what })
        : PhyllomeError.from(thrown);
      end({ state: signal.aborted ? 'aborted' : 'failed', error: error.report() });
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
        bytes: null,
        secondsLeft: null,
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
    ended: (id) => find(id).ended,
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
