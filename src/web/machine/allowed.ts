// SPDX-License-Identifier: Apache-2.0
import type { MachineSummary } from '../../contract/api.ts';
import type { StateName } from '../../contract/state.ts';
import type { LackedVerb } from '../../contract/vmm.ts';

export type Verb =
  | 'start'
  | 'powerOff'
  | 'cutPower'
  | 'pause'
  | 'resume'
  | 'reset'
  | 'save'
  | 'discardSaved'
  | 'clone'
  | 'template'
  | 'delete'
  | 'rename'
  | 'look';

// Which buttons can do something. The service has the last word and explains a refusal.
const states: Record<Verb, readonly StateName[]> = {
  start: ['stopped', 'crashed', 'saved'],
  powerOff: ['running'],
  cutPower: ['running', 'paused', 'stopping'],
  pause: ['running'],
  resume: ['paused'],
  reset: ['running', 'paused', 'stopping'],
  save: ['running', 'paused'],
  discardSaved: ['saved'],
  // What runs is cloned from a snapshot; the dialog offers them.
  clone: ['stopped', 'crashed', 'saved', 'running', 'paused', 'stopping'],
  template: ['stopped', 'crashed'],
  delete: ['stopped', 'crashed', 'saved', 'broken'],
  rename: ['stopped', 'crashed', 'saved', 'running', 'paused', 'starting', 'stopping'],
  look: ['running', 'paused', 'stopping'],
};

// Which of them need something that not every VMM has.
const needs: Partial<Record<Verb, LackedVerb>> = { pause: 'pause', powerOff: 'power-button' };

/** Has the VMM that runs it no way to do that? */
export function isLacking(verb: Verb, { lacks = [] }: Pick<MachineSummary, 'lacks'>): boolean {
  return lacks.some((lacked) => lacked === needs[verb]);
}

/** Can this be asked of a machine in that state? */
export function isAllowed(verb: Verb, state: StateName): boolean {
  return states[verb].includes(state);
}
