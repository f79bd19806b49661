// SPDX-License-Identifier: Apache-2.0
import type { Machine, MachineSummary } from '../contract/api.ts';
import type { MachineState } from '../contract/state.ts';
import { pendingKeys } from './pending.ts';
import type { Runner } from './runner.ts';
import type { StoredMachine } from './store.ts';

/** What a list shows of a machine. */
export function summaryOf(
  machine: StoredMachine,
  state: MachineState,
  runner: Runner | undefined,
): MachineSummary {
  const { id, name, definition } = machine;
  const lacks = runner?.lacks ?? [];
  return {
    id,
    name,
    state: visibleState(machine, state),
    guestOs: definition?.guestOs ?? null,
    architecture: definition?.architecture ?? null,
    vcpus: definition?.cpu.vcpus ?? null,
    memory: definition?.memory ?? null,
    display: hasDisplay(machine, runner),
    ...(definition?.template === true && { template: true }),
    ...(lacks.length > 0 && { lacks: [...lacks] }),
  };
}

export function machineOf(machine: StoredMachine, state: MachineState, runner: Runner | undefined): Machine {
  const { directory, definition } = machine;
  return {
    ...summaryOf(machine, state, runner),
    directory,
    definition,
    run: runner?.info ?? null,
    pending: pendingKeys(runner?.notes.definition, definition),
  };
}

// While it runs, what it was started with counts.
function hasDisplay({ definition }: StoredMachine, runner: Runner | undefined): boolean {
  if (runner?.plan != null) return runner.plan.endpoints.display !== null;
  return definition !== null && definition.display.type !== 'none';
}

// A machine that runs shows that, whatever became of its file meanwhile: it can still be used and stopped.
function visibleState(machine: StoredMachine, state: MachineState): MachineState {
  const atRest = state.name === 'stopped' || state.name === 'crashed' || state.name === 'saved';
  if (machine.problems.length === 0 || !atRest) return state;
  return { name: 'broken', since: state.since, problems: machine.problems };
}
