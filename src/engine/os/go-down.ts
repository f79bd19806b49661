// SPDX-License-Identifier: Apache-2.0
import { PhyllomeError } from '../../contract/errors.ts';
import type { PowerAction } from '../../contract/os.ts';
import type { Task } from '../../contract/task.ts';
import type { Guests } from '../guests/guest-functions.ts';
import type { Tasks } from '../tasks.ts';
import type { Root } from './root.ts';

export interface GoDownParts {
  root: Root;
  tasks: Tasks;
  guests: Guests;
}

export interface GoDownOptions {
  action: PowerAction;
  /** Machines that cannot be saved get their power button; else they keep this PC up */
  stop: boolean;
  live: boolean;
}

// How long a guest may take to shut down (s): updates of Windows take minutes.
const patienceSeconds = 300;

/**
 * Restarts this PC or switches it off when all guests are put away. A guest that does not go away keeps it up, and then those
 * that were saved go on as if nothing had been.
 * @throws PhyllomeError `os-guests-unsaved` at once, when somebody would have to be shut down and that was not asked for
 */
export function goDown({ root, tasks, guests }: GoDownParts, { action, stop, live }: GoDownOptions): Task {
  const unsavable = guests
    .running()
    .map(({ name, hindrance }) => ({
      name,
      reason: live ? 'this system runs from a medium and keeps nothing' : hindrance,
    }))
    .filter(({ reason }) => reason !== null);
  if (unsavable.length > 0 && !stop) throw refusal(unsavable as { name: string; reason: string }[]);
  const what = action === 'restart' ? 'Restart this PC' : 'Switch this PC off';
  return tasks.run(what, null, async (context) => {
    try {
      const { saved, stopped, left } = await guests.putAway(patienceSeconds, context);
      if (left.length > 0) throw refusal(left);
      context.signal.throwIfAborted();
      context.progress(action === 'restart' ? 'Restarting' : 'Switching off', null);
      await root.ask('power', { action });
      return {
        outcome: {
          text: action === 'restart' ? 'This PC restarts.' : 'This PC switches off.',
          facts: { saved, stopped },
        },
      };
    } catch (error) {
      await guests.resumeNow();
      throw error;
    }
  });
}

function refusal(left: readonly { name: string; reason: string }[]): PhyllomeError {
  return new PhyllomeError('os-guests-unsaved', {
    names: left.map(({ name }) => name),
    reasons: left.map(({ name, reason }) => `${name} (${reason})`).join('; '),
  });
}
