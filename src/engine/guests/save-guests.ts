// SPDX-License-Identifier: Apache-2.0
//
// Saves every machine that runs, because this PC goes down. One that cannot be saved gets its power button and time. None is
// ever ended: what is still there afterwards is said, and whoever asked decides.
import { PhyllomeError } from '../../contract/errors.ts';
import type { Task } from '../../contract/task.ts';
import type { StateName } from '../../contract/state.ts';
import type { ResumeFile } from './resume-file.ts';

export interface RunningGuest {
  id: string;
  name: string;
  state: StateName;
  /** Why it cannot be saved; null: it can */
  hindrance: string | null;
}

export interface SaveGuestsParts {
  running: () => RunningGuest[];
  save: (id: string) => Promise<Task>;
  powerOff: (id: string, seconds: number) => Task;
  /** Resolves with a task when it has ended, however */
  ended: (task: Task) => Promise<Task>;
  resumeFile: ResumeFile;
  bootId: string;
}

export interface SaveGuestsOptions {
  patienceSeconds: number;
  /** Nothing outlives this PC's being switched off, so saving is for nothing: it runs from a medium */
  live: boolean;
  progress: (step: string, fraction: number) => void;
  signal: AbortSignal;
}

export interface SavedGuests {
  saved: string[];
  stopped: string[];
  /** Still there, and why */
  left: { name: string; reason: string }[];
}

// Memory of several machines at once keeps the disk busy; more only makes each of them slower.
const atOnce = 3;

export async function saveGuests(parts: SaveGuestsParts, options: SaveGuestsOptions): Promise<SavedGuests> {
  const { running, resumeFile, bootId } = parts;
  const { live, progress, signal } = options;
  const guests = running();
  const outcome: SavedGuests = { saved: [], stopped: [], left: [] };
  // One that was paused did not run, and does not run by itself afterwards either.
  const goOn = guests.filter(({ hindrance, state }) => !live && hindrance === null && state !== 'paused');
  if (goOn.length > 0) {
    const before = await resumeFile.read();
    const earlier = before?.bootId === bootId ? before.machines : [];
    await resumeFile.write({
      formatVersion: 1,
      bootId,
      machines: [...new Set([...earlier, ...goOn.map(({ id }) => id)])],
    });
  }
  let done = 0;
  const advance = (): void =>
    progress(`Saving machines (${done} of ${guests.length})`, done / Math.max(1, guests.length));
  advance();
  await pooled(guests, async (guest) => {
    if (signal.aborted) return;
    await putAway(parts, options, guest, outcome);
    done += 1;
    advance();
  });
  signal.throwIfAborted();
  return outcome;
}

async function putAway(
  { save, powerOff, ended }: SaveGuestsParts,
  { patienceSeconds, live }: SaveGuestsOptions,
  { id, name, hindrance }: RunningGuest,
  outcome: SavedGuests,
): Promise<void> {
  let reason = live ? 'this system runs from a medium and keeps nothing' : hindrance;
  if (reason === null) {
    reason = await failureOf(async () => ended(await save(id)));
    if (reason === null) {
      outcome.saved.push(name);
      return;
    }
  }
  const ignored = await failureOf(() => ended(powerOff(id, patienceSeconds)));
  if (ignored === null) outcome.stopped.push(name);
  else outcome.left.push({ name, reason: `${reason}; ${ignored}` });
}

/** @returns why it failed; null: it did not */
async function failureOf(work: () => Promise<Task>): Promise<string | null> {
  try {
    const { state, error } = await work();
    return state === 'done' ? null : (error?.message ?? state);
  } catch (error) {
    return PhyllomeError.from(error).message;
  }
}

async function pooled<Item>(items: readonly Item[], work: (item: Item) => Promise<void>): Promise<void> {
  const queue = items.values();
  const worker = async (): Promise<void> => {
    for (const item of queue) await work(item);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}
