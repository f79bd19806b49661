// SPDX-License-Identifier: Apache-2.0
//
// Does what machines want to have done by itself, one thing after the other. It looks when something is due, and when
// something happened to a machine; in between it does not wake up.
import type { ScheduleKind } from '../../contract/backup.ts';
import { PhyllomeError, type ErrorCode } from '../../contract/errors.ts';
import type { PhyllomeEvent } from '../../contract/event.ts';
import type { EventStream } from '../event-stream.ts';
import type { StoredMachine } from '../store.ts';
import { dueAt, retryAfter, rhythmOf } from './due.ts';
import type { Retention } from './retention.ts';

/** Something that is made by itself: snapshots, or backups. */
export interface Job {
  /** "snapshot", "backup" */
  what: string;
  /** undefined: this machine does not want it */
  wishes(machine: StoredMachine): Retention | undefined;
  /** When those that are there were made: by itself, and in any way */
  times(machine: StoredMachine): Promise<{ automatic: Date[]; all: Date[] }>;
  /** Makes one and removes what need not be kept */
  run(machine: StoredMachine, kind: ScheduleKind): Promise<void>;
}

export interface SchedulerParts {
  jobs: readonly Job[];
  machines(): readonly StoredMachine[];
  events: Pick<EventStream, 'emit' | 'subscribe'>;
  /** Whether the machine can have changed since then */
  changedSince(machine: StoredMachine, time: Date): Promise<boolean>;
  now?: () => number;
  /** How long (ms) after the service came up it looks for the first time: machines that start by themselves come first */
  firstLook?: number;
}

export interface Scheduler {
  /** Ends when what runs has ended */
  close(): Promise<void>;
}

const second = 1000;
const minute = 60 * second;
/**
 * Clocks of timers stand still while a PC sleeps, so none is waited for longer than this (ms): what was due meanwhile is
 * done at most so much later.
 */
const longestWait = 60 * minute;
/** A machine that somebody works on is tried again after this (ms). */
const busyWait = 5 * minute;
const busyCodes: ReadonlySet<ErrorCode> = new Set([
  'machine-state',
  'machine-in-use',
  'backup-busy',
  'disk-in-use',
]);
const wakes: ReadonlySet<PhyllomeEvent['type']> = new Set([
  'machine.created',
  'machine.changed',
  'machine.restored',
  'machine.state',
]);

interface Trouble {
  failures: number;
  nextTry: number;
  /** What was wished for: with other wishes, it is tried at once */
  wishes: string;
}

export function createScheduler(parts: SchedulerParts): Scheduler {
  const { jobs, machines, events, changedSince, now = Date.now, firstLook = minute } = parts;
  const troubles = new Map<string, Trouble>();
  let timer: NodeJS.Timeout | undefined;
  let looking: Promise<void> | null = null;
  let again = false;
  let closed = false;

  const wakeIn = (milliseconds: number): void => {
    clearTimeout(timer);
    if (closed) return;
    timer = setTimeout(look, Math.min(longestWait, Math.max(second, milliseconds)));
    timer.unref();
  };

  const look = (): void => {
    if (looking !== null) {
      again = true;
      return;
    }
    looking = lookAtAll().finally(() => {
      looking = null;
      if (again) wakeIn(0);
      again = false;
    });
  };

  const lookAtAll = async (): Promise<void> => {
    let next = Infinity;
    for (const machine of machines())
      for (const job of jobs) {
        if (closed) return;
        next = Math.min(next, await lookAt(machine, job));
      }
    if (next !== Infinity) wakeIn(next - now());
  };

  /** @returns when to look again (ms); Infinity: when something happens to the machine */
  const lookAt = async (machine: StoredMachine, job: Job): Promise<number> => {
    const kind = rhythmOf(job.wishes(machine));
    const key = `${machine.id} ${job.what}`;
    if (kind === null) {
      troubles.delete(key);
      return Infinity;
    }
    const trouble = troubles.get(key);
    // Somebody who corrects a schedule wants to see at once whether it works.
    const same = trouble?.wishes === JSON.stringify(job.wishes(machine));
    if (trouble !== undefined && same && trouble.nextTry > now()) return trouble.nextTry;
    try {
      const { automatic, all } = await job.times(machine);
      const due = dueAt(automatic, kind, now());
      if (due > now()) return due;
      const newest = Math.max(...all.map((time) => time.getTime()));
      if (all.length > 0 && !(await changedSince(machine, new Date(newest)))) return Infinity;
      await job.run(machine, kind);
      troubles.delete(key);
      return dueAt([new Date(now())], kind, now());
    } catch (thrown) {
      return failed(machine, job, key, PhyllomeError.from(thrown));
    }
  };

  const failed = (machine: StoredMachine, job: Job, key: string, error: PhyllomeError): number => {
    if (busyCodes.has(error.code)) return now() + busyWait;
    const failures = (troubles.get(key)?.failures ?? 0) + 1;
    const nextTry = now() + retryAfter(failures);
    troubles.set(key, { failures, nextTry, wishes: JSON.stringify(job.wishes(machine)) });
    const time = new Date(nextTry).toISOString();
    const text = `The ${job.what} by schedule failed: ${error.message} It is tried again at ${time}.`;
    events.emit({ type: 'machine.warning', machineId: machine.id, machineName: machine.name, text });
    return nextTry;
  };

  const unsubscribe = events.subscribe((event) => {
    if (!wakes.has(event.type)) return;
    if (looking === null) wakeIn(second);
    else again = true;
  });
  timer = setTimeout(look, firstLook);
  timer.unref();

  return {
    async close() {
      closed = true;
      clearTimeout(timer);
      unsubscribe();
      await looking;
    },
  };
}
