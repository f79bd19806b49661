// SPDX-License-Identifier: Apache-2.0
//
// Putting all guests away because this PC goes down, and letting them go on afterwards.
import type { EventBody, PhyllomeEvent } from '../../contract/event.ts';
import type { Task } from '../../contract/task.ts';
import type { TaskContext, Tasks } from '../tasks.ts';
import { openResumeFile } from './resume-file.ts';
import { resumeGuests, type ResumeGuestsParts } from './resume-guests.ts';
import { saveGuests, type RunningGuest, type SavedGuests, type SaveGuestsParts } from './save-guests.ts';

export interface GuestParts {
  file: string;
  bootId: string;
  /** This PC runs from a medium: nothing outlives its being switched off */
  live: () => boolean;
  tasks: Tasks;
  events: {
    emit: (event: EventBody) => void;
    subscribe: (listener: (event: PhyllomeEvent) => void) => () => void;
  };
  running: () => RunningGuest[];
  save: SaveGuestsParts['save'];
  powerOff: SaveGuestsParts['powerOff'];
  find: ResumeGuestsParts['find'];
  start: ResumeGuestsParts['start'];
}

export interface Guests {
  running(): RunningGuest[];
  /** Saves them as a part of other work; who asks while it is being done hears of the same */
  putAway(patienceSeconds: number, context: TaskContext): Promise<SavedGuests>;
  /** The same as a task of its own, which fails with nothing: what was left is its outcome */
  saveGuests(request: { patienceSeconds: number }): Task;
  /** What was saved goes on, when this PC was down meanwhile */
  resume(): Promise<void>;
  /** What was just saved goes on, since this PC does not go down after all */
  resumeNow(): Promise<void>;
  close(): void;
}

export function createGuests(parts: GuestParts): Guests {
  const { tasks, events, bootId, live, running, save, powerOff, find, start } = parts;
  const resumeFile = openResumeFile(parts.file);
  const ended = async (task: Task): Promise<Task> => {
    await tasks.ended(task.id);
    return tasks.show(task.id);
  };
  let underWay: Promise<SavedGuests> | null = null;
  let changing: Promise<void> = Promise.resolve();

  // Who is started by a person meanwhile is not to be started by us after the next boot.
  const stop = events.subscribe((event) => {
    if (event.type !== 'machine.state' || event.state.name !== 'starting') return;
    const { machineId } = event;
    changing = changing.then(() => strike(machineId)).catch(() => {});
  });
  const strike = async (id: string): Promise<void> => {
    const record = await resumeFile.read();
    if (record?.bootId !== bootId || !record.machines.includes(id) || record.begun !== undefined) return;
    await resumeFile.write({ ...record, machines: record.machines.filter((one) => one !== id) });
  };

  const guests: Guests = {
    running,
    putAway(patienceSeconds, { progress, signal }) {
      underWay ??= saveGuests(
        { running, save, powerOff, ended, resumeFile, bootId },
        { patienceSeconds, live: live(), progress, signal },
      ).finally(() => (underWay = null));
      return underWay;
    },
    saveGuests: ({ patienceSeconds }) =>
      tasks.run('Save all machines', null, async (context) => {
        const { saved, stopped, left } = await guests.putAway(patienceSeconds, context);
        const text = [
          `${saved.length} saved`,
          ...(stopped.length > 0 ? [`shut down: ${stopped.join(', ')}`] : []),
          ...left.map(({ name, reason }) => `${name} still runs (${reason})`),
        ].join('; ');
        return { outcome: { text, facts: { saved, stopped, left } } };
      }),
    resume: () => resumeGuests({ resumeFile, bootId, find, start, emit: events.emit }),
    resumeNow: () => resumeGuests({ resumeFile, bootId, find, start, emit: events.emit }, { sameBoot: true }),
    close: stop,
  };
  return guests;
}
