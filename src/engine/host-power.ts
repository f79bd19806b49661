// SPDX-License-Identifier: Apache-2.0
//
// When this PC is switched off, or sleeps, its guests are saved rather than lost. What was saved for a sleep goes on when
// this PC is awake again. Only while a machine runs is this PC asked to wait.
import type { Task } from '../contract/task.ts';
import { PhyllomeError } from '../contract/errors.ts';
import type { Settings } from '../contract/settings.ts';
import {
  findLoginManager,
  watchHostPower,
  type HostPower,
  type LoginPrograms,
  type PowerWatch,
} from '../host/login-manager.ts';
import type { EventStream } from './event-stream.ts';

export interface HostPowerParts {
  events: Pick<EventStream, 'subscribe'>;
  settings: () => Settings;
  /** Ids of the machines that run */
  runningIds: () => string[];
  save: (id: string) => Promise<Task>;
  start: (id: string) => Promise<unknown>;
  /** Resolves when a task has ended, however */
  taskEnd: (id: string) => Promise<void>;
  warn: (text: string) => void;
  find?: () => LoginPrograms | string;
}

export function createHostPower(parts: HostPowerParts): { close(): void } {
  const { events, settings, runningIds, save, start, taskEnd, warn, find = findLoginManager } = parts;
  let watch: PowerWatch | null = null;
  // Saved because this PC went to sleep: they go on when it wakes up.
  let asleep: string[] = [];
  let given = false;
  // From when this PC is about to go down until it is up again, machines that end are no reason to stop listening.
  let goingDown = false;

  const problem = (text: string): void => {
    if (!given) warn(`Guests are not saved when this PC is switched off: ${text}.`);
    given = true;
  };

  const saveAll = async (): Promise<string[]> => {
    const saved: string[] = [];
    await Promise.all(
      runningIds().map(async (id) => {
        try {
          await taskEnd((await save(id)).id);
          saved.push(id);
        } catch (error) {
          warn(`Not saved as this PC goes down: ${PhyllomeError.from(error).message}`);
        }
      }),
    );
    return saved;
  };

  const onPower = async (kind: HostPower, begins: boolean): Promise<void> => {
    goingDown = begins;
    if (begins) {
      const saved = await saveAll();
      if (kind === 'sleep') asleep = saved;
      watch?.release();
      return;
    }
    watch?.hold();
    // One that does not start says so itself, as an event.
    for (const id of asleep.splice(0)) await start(id).catch(() => {});
    look();
  };

  const look = (): void => {
    if (goingDown) return;
    if (runningIds().length === 0) {
      watch?.[Symbol.dispose]();
      watch = null;
      return;
    }
    if (watch !== null || given) return;
    const { shutdown = true, sleep = false } = settings().save ?? {};
    const kinds = [...(shutdown ? (['shutdown'] as const) : []), ...(sleep ? (['sleep'] as const) : [])];
    if (kinds.length === 0) return;
    const programs = find();
    if (typeof programs === 'string') problem(programs);
    else watch = watchHostPower(programs, kinds, (kind, begins) => void onPower(kind, begins), problem);
  };

  const stop = events.subscribe(({ type }) => {
    if (type === 'machine.state') look();
  });
  look();
  return {
    close() {
      stop();
      watch?.[Symbol.dispose]();
    },
  };
}
