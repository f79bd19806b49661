// SPDX-License-Identifier: Apache-2.0
import { QueryClient, QueryObserver } from '@tanstack/react-query';
import { afterEach, expect, test, vi } from 'vitest';
import type { MachineSummary } from '../../contract/api.ts';
import type { PhyllomeEvent } from '../../contract/event.ts';
import { applyEvent } from './events.ts';
import { keys } from './keys.ts';

afterEach(() => void vi.unstubAllGlobals());

const since = '2026-01-01T00:00:00.000Z';
const starting: MachineSummary = {
  id: 'a',
  name: 'tiny',
  state: { name: 'starting', since },
  guestOs: null,
  architecture: null,
  vcpus: 1,
  memory: null,
  display: true,
};
const running: MachineSummary['state'] = { name: 'running', since, ready: false };
const isRunning: PhyllomeEvent = {
  type: 'machine.state',
  id: 1,
  time: since,
  machineId: 'a',
  machineName: 'tiny',
  state: running,
};
const list = (queries: QueryClient) => queries.getQueryData<MachineSummary[]>(keys.machines);

/** A service that knows this of the machine. */
function service(machine: MachineSummary): void {
  const answer = async () => new Response(JSON.stringify(machine));
  vi.stubGlobal('fetch', vi.fn(answer));
  vi.stubGlobal('location', { href: 'http://127.0.0.1/' });
}

test('a list that was on its way does not put an old state back', async () => {
  const queries = new QueryClient();
  // The list was asked for twice before the machine ran; only what is asked after that is new enough.
  const old = Promise.withResolvers<MachineSummary[]>();
  let asked = 0;
  service({ ...starting, state: running });
  const queryFn = () => (++asked < 3 ? old.promise : [{ ...starting, state: running }]);
  const stop = new QueryObserver(queries, { queryKey: keys.machines, queryFn }).subscribe(() => {});
  queries.setQueryData(keys.machines, [starting]);
  void queries.invalidateQueries({ queryKey: keys.machines });
  applyEvent(queries, isRunning);
  old.resolve([starting]);
  await expect.poll(() => queries.isFetching()).toBe(0);
  expect(list(queries)?.[0]?.state).toEqual(running);
  stop();
  queries.clear();
});

test('what the VMM lacks is shown as soon as the machine runs, and forgotten when it stops', async () => {
  const queries = new QueryClient();
  queries.setQueryData(keys.machines, [starting]);
  service({ ...starting, state: running, display: false, lacks: ['display', 'keyboard'] });
  applyEvent(queries, isRunning);
  await expect
    .poll(() => list(queries))
    .toEqual([{ ...starting, state: running, display: false, lacks: ['display', 'keyboard'] }]);
  service({ ...starting, state: { name: 'stopped', since } });
  applyEvent(queries, { ...isRunning, state: { name: 'stopped', since } });
  await expect.poll(() => list(queries)).toEqual([{ ...starting, state: { name: 'stopped', since } }]);
  queries.clear();
});
