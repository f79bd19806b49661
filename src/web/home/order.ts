// SPDX-License-Identifier: Apache-2.0
import type { MachineSummary } from '../../contract/api.ts';
import type { StateName } from '../../contract/state.ts';
import type { Task } from '../../contract/task.ts';
import { fold } from '../text/fold.ts';
import { guestName } from './guest-name.ts';

// What is at work comes first, then what wants attention, then the rest. States that follow each other soon share a
// rank, so that a card does not jump twice while its machine starts.
const ranks: Record<StateName, number> = {
  starting: 0,
  running: 0,
  paused: 0,
  stopping: 0,
  saved: 1,
  crashed: 1,
  broken: 1,
  stopped: 2,
};

/** Machines that hold all of the words in their name or system; those at work first, then by name. */
export function findMachines(
  machines: readonly MachineSummary[],
  search: string,
  compare: (a: string, b: string) => number,
): MachineSummary[] {
  const words = fold(search).split(/\s+/).filter(Boolean);
  return machines
    .filter((machine) => {
      const text = fold(`${machine.name} ${machine.guestOs ?? ''} ${guestName(machine.guestOs) ?? ''}`);
      return words.every((word) => text.includes(word));
    })
    .sort((a, b) => ranks[a.state.name] - ranks[b.state.name] || compare(a.name, b.name));
}

/** Running tasks that make a machine: their machine is not in the list yet. */
export function creatingTasks(tasks: readonly Task[], machines: readonly MachineSummary[]): Task[] {
  const known = new Set(machines.map(({ id }) => id));
  return tasks.filter(
    ({ state, machineId }) => state === 'running' && machineId !== null && !known.has(machineId),
  );
}

/** A name like `wanted` that no machine has: tiny, tiny 2, tiny 3, ... */
export function freeName(wanted: string, machines: readonly { name: string }[]): string {
  const taken = new Set(machines.map(({ name }) => name));
  let name = wanted;
  for (let number = 2; taken.has(name); number += 1) name = `${wanted} ${number}`;
  return name;
}
