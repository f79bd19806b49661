// SPDX-License-Identifier: Apache-2.0
import { PhyllomeError } from '../contract/errors.ts';
import type { StateName } from '../contract/state.ts';

/** What can happen to a machine: asked for by people, or told by its VMM. */
export type Happening =
  | 'start' // asked
  | 'launched' // its processors run
  | 'start-failed'
  | 'resume-failed' // what was saved is still there
  | 'paused'
  | 'resumed'
  | 'power-button' // pressed, now the guest has to act
  | 'button-ignored'
  | 'saved' // its memory is on the disk, its VMM gone
  | 'ended' // in order: the guest powered off, or its power was cut on request
  | 'crashed'; // the guest panicked, or the VMM went away unasked

/** The whole life of a machine. What is not in this table cannot happen; docs/machine-states.md draws it. */
const transitions: Record<StateName, Partial<Record<Happening, StateName>>> = {
  stopped: { start: 'starting' },
  crashed: { start: 'starting' },
  // A guest may power off, or its VMM die, before we noticed that it runs.
  saved: { start: 'starting' },
  starting: {
    launched: 'running',
    'start-failed': 'stopped',
    'resume-failed': 'saved',
    ended: 'stopped',
    crashed: 'crashed',
  },
  running: { paused: 'paused', 'power-button': 'stopping', ended: 'stopped', crashed: 'crashed' },
  paused: { resumed: 'running', saved: 'saved', ended: 'stopped', crashed: 'crashed' },
  stopping: { 'button-ignored': 'running', paused: 'paused', ended: 'stopped', crashed: 'crashed' },
  broken: {},
};

/** The state that follows, or null when this cannot happen in that state. */
export function nextState(state: StateName, happening: Happening): StateName | null {
  return transitions[state][happening] ?? null;
}

/** What people can ask for. `power off` and `cut power` are the two ways of "stop". */
export type Verb =
  | 'start'
  | 'power off'
  | 'cut power'
  | 'pause'
  | 'resume'
  | 'reset'
  | 'be saved'
  | 'lose its saved memory'
  | 'be deleted'
  | 'be backed up'
  | 'be moved to another VMM'
  | 'be cloned'
  | 'be encrypted'
  | 'be decrypted'
  | 'be cloned from a snapshot'
  | 'be given certificates'
  | 'become a template'
  | 'be kept as a snapshot'
  | 'go back to a snapshot'
  | 'lose a snapshot'
  | 'be tidied'
  | 'have a disk grown'
  | 'have a disk converted'
  | 'have a disk checked'
  | 'have a disk exported'
  | 'be trimmed'
  | 'get a disk'
  | 'lose a disk'
  | 'show its screen'
  | 'open its console'
  | 'change its media'
  | 'take keys';

const allowed: Record<Verb, readonly StateName[]> = {
  start: ['stopped', 'crashed', 'saved'],
  'power off': ['running'],
  'cut power': ['running', 'paused', 'stopping', 'broken'],
  pause: ['running'],
  resume: ['paused'],
  reset: ['running', 'paused', 'stopping'],
  'be saved': ['running', 'paused'],
  'lose its saved memory': ['saved'],
  'be deleted': ['stopped', 'crashed', 'saved', 'broken'],
  'be backed up': ['stopped', 'crashed', 'saved', 'running', 'paused'],
  'be moved to another VMM': ['stopped', 'crashed'],
  'be encrypted': ['stopped', 'crashed'],
  'be decrypted': ['stopped', 'crashed'],
  'be cloned': ['stopped', 'crashed'],
  'be cloned from a snapshot': ['stopped', 'crashed', 'running', 'paused', 'stopping', 'saved', 'broken'],
  'be given certificates': ['stopped', 'crashed'],
  'become a template': ['stopped', 'crashed'],
  'be kept as a snapshot': ['stopped', 'crashed', 'running', 'paused', 'saved'],
  'go back to a snapshot': ['stopped', 'crashed', 'running', 'paused', 'saved'],
  'be tidied': ['stopped', 'crashed', 'saved'],
  'lose a snapshot': ['stopped', 'crashed', 'running', 'paused', 'saved'],
  'have a disk grown': ['stopped', 'crashed', 'running', 'paused'],
  'have a disk converted': ['stopped', 'crashed'],
  'have a disk checked': ['stopped', 'crashed'],
  'have a disk exported': ['stopped', 'crashed'],
  'be trimmed': ['stopped', 'crashed', 'running'],
  'get a disk': ['stopped', 'crashed'],
  'lose a disk': ['stopped', 'crashed'],
  'show its screen': ['running', 'paused', 'stopping'],
  'open its console': ['running', 'paused', 'stopping'],
  'change its media': ['stopped', 'crashed', 'running', 'paused', 'stopping'],
  // A guest may ask something before it powers off.
  'take keys': ['running', 'stopping'],
};

function nextStep(state: StateName, verb: Verb): string {
  switch (state) {
    case 'stopped':
    case 'crashed':
      return verb.endsWith('power') || verb === 'power off'
        ? 'It does not run, so there is nothing to do.'
        : 'Start it first with "phyllome start".';
    case 'saved':
      if (verb === 'be cloned')
        return 'Its memory belongs to its disks as they are: start it and shut it down, or clone a snapshot of it (--snapshot).';
      return 'Start it with "phyllome start": it goes on where it was saved.';
    case 'starting':
      return 'Wait a moment until it runs.';
    case 'running':
      if (verb === 'be cloned')
        return 'Stop it first with "phyllome stop", or clone a snapshot of it (--snapshot), which needs no stop.';
      return /^(?:be|(?:have|get|lose) a disk) ?/.test(verb)
        ? 'Stop it first with "phyllome stop".'
        : 'It runs already, so there is nothing to do.';
    case 'paused':
      return 'Resume it with "phyllome resume", or cut its power with "phyllome stop --force".';
    case 'stopping':
      return 'Wait until it has powered off, or cut its power with "phyllome stop --force".';
    case 'broken':
      return 'Correct its definition, or delete it (it goes to the bin).';
  }
}

/** @throws PhyllomeError `machine-state`, with what to do instead */
export function requireVerb(name: string, state: StateName, verb: Verb): void {
  if (allowed[verb].includes(state)) return;
  throw new PhyllomeError('machine-state', { name, state, verb, next: nextStep(state, verb) });
}
