// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import type { MachineSummary } from '../../contract/api.ts';
import type { StateName } from '../../contract/state.ts';
import type { Task } from '../../contract/task.ts';
import { createFormats } from '../text/format.ts';
import { creatingTasks, findMachines, freeName } from './order.ts';

const { compare } = createFormats('fr');

function machine(name: string, stateName: StateName, guestOs = 'generic'): MachineSummary {
  const state = { name: stateName, since: '2026-01-01T00:00:00Z' } as MachineSummary['state'];
  return {
    id: `id of ${name}`,
    name,
    state,
    guestOs,
    architecture: 'x86_64',
    vcpus: 1,
    memory: 1,
    display: true,
  };
}
const task = (machineId: string | null, state: Task['state']) => ({ machineId, state }) as Task;
const names = (machines: readonly { name: string }[]) => machines.map(({ name }) => name);

test('what is at work comes first, then what wants attention, each by name', () => {
  const all = [
    machine('b', 'stopped'),
    machine('vm10', 'stopped'),
    machine('vm9', 'stopped'),
    machine('z', 'paused'),
    machine('y', 'running'),
    machine('x', 'broken'),
    machine('w', 'crashed'),
  ];
  expect(names(findMachines(all, '', compare))).toEqual(['y', 'z', 'w', 'x', 'b', 'vm9', 'vm10']);
});

test('a search looks at names and systems, not at case and accents, and wants all words', () => {
  const all = [
    machine('Été au bord', 'stopped', 'debian13'),
    machine('serveur', 'stopped', 'debian13'),
    machine('jeux', 'stopped', 'win11'),
  ];
  expect(names(findMachines(all, 'ete', compare))).toEqual(['Été au bord']);
  expect(names(findMachines(all, 'DEBIAN 13', compare))).toEqual(['Été au bord', 'serveur']);
  expect(names(findMachines(all, 'windows', compare))).toEqual(['jeux']);
  expect(names(findMachines(all, 'debian jeux', compare))).toEqual([]);
  expect(names(findMachines(all, '.*', compare))).toEqual([]);
});

test('a machine is being made while its task runs and it is not listed', () => {
  const tasks = [
    task('new', 'running'),
    task('id of a', 'running'),
    task(null, 'running'),
    task('old', 'failed'),
  ];
  expect(creatingTasks(tasks, [machine('a', 'running')])).toEqual([tasks[0]]);
});

test('a free name has the first number that is free', () => {
  expect(freeName('tiny', [])).toBe('tiny');
  expect(freeName('tiny', [{ name: 'tiny' }, { name: 'tiny 2' }])).toBe('tiny 3');
});
