// SPDX-License-Identifier: Apache-2.0
import type { Task } from '../contract/task.ts';
import { createSpeed, secondsLeft } from './speed.ts';

// A build reports progress for every file; listeners hear it at most this often (ms).
const reportInterval = 100;
// While bytes are counted they are told this often (ms) even if nothing comes: the speed then falls.
const speedInterval = 1000;

/** How many bytes are moved, and of how many; null when nobody knows. */
interface BytesMoved {
  done: number;
  total: number | null;
}

/**
 * Says what is being done and how far it is. May be called as often as one likes.
 * @param fraction from 0 to 1; with `bytes`, null means what they say
 * @param bytes what this step moved so far; left out when it is not counted in bytes
 */
export type Report = (step: string, fraction: number | null, bytes?: BytesMoved) => void;

export interface Reporter extends Disposable {
  progress: Report;
  /** What is to be said at the end: the last progress, even if it came too soon to be told */
  last(): Partial<Task>;
}

/** Turns the progress of some work into changes of its task, not too many of them. */
export function createReporter(
  now: () => number,
  shownStep: () => string,
  update: (change: Partial<Task>) => void,
): Reporter {
  let latest: { step: string; fraction: number | null; bytes: BytesMoved | null } | null = null;
  let speed = createSpeed(now);
  let reportedAt = -Infinity;
  let ticking: NodeJS.Timeout | undefined;

  const report = (): void => {
    if (latest === null) return;
    reportedAt = now();
    const { step, fraction, bytes } = latest;
    const perSecond = bytes === null ? null : speed.perSecond();
    update({
      step,
      fraction,
      bytes: bytes === null ? null : { ...bytes, perSecond },
      secondsLeft: bytes === null ? null : secondsLeft(bytes.done, bytes.total, perSecond),
    });
  };

  return {
    progress(step, fraction, bytes) {
      if (bytes !== undefined) {
        // Another step moves other bytes.
        if (step !== latest?.step) speed = createSpeed(now);
        speed.note(bytes.done);
        ticking ??= setInterval(() => {
          if (now() - reportedAt < reportInterval) return;
          if (latest?.bytes != null) speed.note(latest.bytes.done);
          report();
        }, speedInterval);
      }
      const total = bytes?.total ?? 0;
      const known = fraction ?? (bytes !== undefined && total > 0 ? Math.min(1, bytes.done / total) : null);
      latest = { step, fraction: known, bytes: bytes ?? null };
      if (step !== shownStep() || now() - reportedAt >= reportInterval) report();
    },
    last() {
      if (latest === null) return {};
      const { step, fraction, bytes } = latest;
      return {
        step,
        fraction,
        bytes: bytes === null ? null : { ...bytes, perSecond: null },
        secondsLeft: null,
      };
    },
    [Symbol.dispose]: () => clearInterval(ticking),
  };
}
