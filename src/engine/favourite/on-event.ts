// SPDX-License-Identifier: Apache-2.0
//
// What the screen of this PC shows when something happens to a machine. Pure, because the promise is here: the screen never
// stays with a machine that is not there.
import type { PhyllomeEvent } from '../../contract/event.ts';
import type { ErrorReport } from '../../contract/errors.ts';

/** What is on the screen, by the id of the machine: its name may change. */
export interface Shown {
  /** null: the host */
  machine: string | null;
  /** Why it is the host rather than a machine */
  problem: { machine: string; error: ErrorReport } | null;
}

export interface Wishes {
  /** Id of the favourite, when it is to have the screen */
  owner: string | null;
  /** An end that nobody asked for, as an error */
  crashed: (name: string, reason: string) => ErrorReport;
}

/** @returns what is shown from then on: `now` itself when nothing changes */
export function onEvent(now: Shown, event: PhyllomeEvent, { owner, crashed }: Wishes): Shown {
  if (event.type === 'machine.error') {
    const { machineId, error } = event;
    // The favourite was to come up, or somebody looks at this one.
    if (machineId !== now.machine && machineId !== owner) return now;
    return {
      machine: now.machine === machineId ? null : now.machine,
      problem: { machine: machineId, error },
    };
  }
  if (event.type !== 'machine.state') return now;
  const { machineId, machineName, state } = event;
  // A favourite that comes up takes the screen; one that goes on after a pause does not.
  if (state.name === 'starting')
    return machineId === owner || machineId === now.machine ? { machine: machineId, problem: null } : now;
  const there = state.name === 'running' || state.name === 'paused' || state.name === 'stopping';
  if (there || machineId !== now.machine) return now;
  const problem =
    state.name === 'crashed'
      ? { machine: machineId, error: crashed(machineName, state.reason) }
      : now.problem;
  return { machine: null, problem };
}
