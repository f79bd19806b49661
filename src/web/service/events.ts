// SPDX-License-Identifier: Apache-2.0
//
// How an event of the service changes what the page has loaded. Nothing polls: this is the only way in.
import type { QueryClient } from '@tanstack/react-query';
import type { Machine, MachineSummary } from '../../contract/api.ts';
import type { PhyllomeEvent } from '../../contract/event.ts';
import type { Task } from '../../contract/task.ts';
import { call } from './api.ts';
import { keys } from './keys.ts';

export function applyEvent(queries: QueryClient, event: PhyllomeEvent): void {
  switch (event.type) {
    case 'machine.state':
      setState(queries, event.machineId, event.state);
      // What runs it (pid, sockets, accelerator) comes and goes with the state.
      void queries.invalidateQueries({ queryKey: keys.machine(event.machineId) });
      if (event.state.name === 'running' || event.state.name === 'stopped')
        void refreshSummary(queries, event.machineId);
      break;
    case 'machine.changed':
      void queries.invalidateQueries({ queryKey: keys.machines });
      void queries.invalidateQueries({ queryKey: keys.machine(event.machineId) });
      break;
    case 'machine.created':
    case 'machine.deleted':
    case 'machine.restored':
    case 'machine.erased':
      void queries.invalidateQueries({ queryKey: keys.machines });
      // One in the bin can no longer be asked about; one that came back is asked about anew.
      queries.removeQueries({ queryKey: keys.machine(event.machineId) });
      void queries.invalidateQueries({ queryKey: keys.bin });
      void queries.invalidateQueries({ queryKey: keys.images });
      break;
    case 'task.changed':
      setTask(queries, event.task);
      // Long work on a machine changes what its disks, snapshots and backups take.
      if (event.task.endedAt !== null && event.task.machineId !== null)
        void queries.invalidateQueries({ queryKey: keys.machine(event.task.machineId) });
      break;
    case 'images.changed':
      void queries.invalidateQueries({ queryKey: keys.images });
      break;
    case 'budget.changed':
      void queries.invalidateQueries({ queryKey: keys.budget });
      break;
    case 'access.changed':
      void queries.invalidateQueries({ queryKey: keys.access });
      break;
    case 'favourite.changed':
      queries.setQueryData(keys.favourite, event.favourite);
      break;
    case 'os.changed':
      void queries.invalidateQueries({ queryKey: keys.os });
      break;
    case 'events.lost':
      forgetEverything(queries);
      break;
    case 'machine.ready':
    case 'machine.reset':
    case 'machine.notice':
    case 'machine.warning':
    case 'machine.error':
      break;
  }
  if ('machineId' in event) void queries.invalidateQueries({ queryKey: keys.events(event.machineId) });
}

/** Has everything that is shown loaded again. */
export function forgetEverything(queries: QueryClient): void {
  void queries.invalidateQueries();
}

function setState(queries: QueryClient, id: string, state: MachineSummary['state']): void {
  queries.setQueryData<MachineSummary[]>(keys.machines, (machines) =>
    machines?.map((machine) => (machine.id === id ? { ...machine, state } : machine)),
  );
  queries.setQueryData<Machine>(keys.machine(id), (machine) =>
    machine === undefined ? undefined : { ...machine, state },
  );
  // A list that is on its way may be older than this event, and would put the old state back.
  if (queries.isFetching({ queryKey: keys.machines, exact: true }) > 0)
    void queries.invalidateQueries({ queryKey: keys.machines });
}

/** What a list shows besides the state is known once it runs: whether its VMM has a screen, and what it lacks. */
async function refreshSummary(queries: QueryClient, id: string): Promise<void> {
  if (queries.getQueryData(keys.machines) === undefined) return;
  // One that is gone by now has left the list as well.
  const found = await call('showMachine', { params: { ref: id } }).catch(() => null);
  if (found === null) return;
  queries.setQueryData<MachineSummary[]>(keys.machines, (machines) =>
    machines?.map((machine) => {
      if (machine.id !== id) return machine;
      const { lacks: _, ...others } = machine;
      return { ...others, display: found.display, ...(found.lacks && { lacks: found.lacks }) };
    }),
  );
}

function setTask(queries: QueryClient, task: Task): void {
  queries.setQueryData<Task[]>(keys.tasks, (tasks) => {
    if (tasks === undefined) return undefined;
    const known = tasks.some(({ id }) => id === task.id);
    return known ? tasks.map((other) => (other.id === task.id ? task : other)) : [...tasks, task];
  });
}
