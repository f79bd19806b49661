// SPDX-License-Identifier: Apache-2.0
import type { Machine, MachineSummary } from '../contract/api.ts';
import type { MachineState } from '../contract/state.ts';
import type { Runner } from './runner.ts';
import type { StoredMachine } from './store.ts';

/** What a list shows of a machine. */
export function summaryOf(machine: StoredMachine, state: MachineState): MachineSummary {
  const { id, name, definition } = machine;
  return {
    id,
    name,
    state: visibleState(machine, state),
    guestOs: definition?.guestOs ?? null,
    architecture: definition?.architecture ?? null,
    vcpus: definition?.cpu.vcpus ?? null,
    memory: definition?.memory ?? null,
  };
}

export function machineOf(machine: StoredMachine, state: MachineState, runner: Runner | undefined): Machine {
  const { directory, definition } = machine;
  return { ...summaryOf(machine, state), directory, definition, run: runner?.info ?? null };
}

// A machine that runs shows that, whatever became of its file meanwhile: it can still be used and stopped.
function visibleState(machine: StoredMachine, state: MachineState): MachineState {
  const atRest = state.name === 'stopped' || state.name === 'crashed';
  if (machine.problems.length === 0 || !atRest) return state;
  return { name: 'broken', since: state.since, problems: machine.problems };
}
