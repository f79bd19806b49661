// SPDX-License-Identifier: Apache-2.0
import type { StateName } from '../../contract/state.ts';

export type Verb =
  | 'start'
  | 'powerOff'
  | 'cutPower'
  | 'pause'
  | 'resume'
  | 'reset'
  | 'delete'
  | 'rename'
  | 'look';

// Which buttons can do something. The service has the last word and explains a refusal.
const states: Record<Verb, readonly StateName[]> = {
  start: ['stopped', 'crashed'],
  powerOff: ['running'],
  cutPower: ['running', 'paused', 'stopping'],
  pause: ['running'],
  resume: ['paused'],
  reset: ['running', 'paused', 'stopping'],
  delete: ['stopped', 'crashed', 'broken'],
  rename: ['stopped', 'crashed', 'running', 'paused', 'starting', 'stopping'],
  look: ['running', 'paused', 'stopping'],
};

/** Can this be asked of a machine in that state? */
export function isAllowed(verb: Verb, state: StateName): boolean {
  return states[verb].includes(state);
}
