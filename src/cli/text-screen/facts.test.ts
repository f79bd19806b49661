// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { PhyllomeError } from '../../contract/errors.ts';
import type { Client } from '../service/client.ts';
import { readFacts } from './facts.ts';

function clientThat(answer: (operation: string) => unknown) {
  const asked: string[] = [];
  const call = (async (operation: string) => {
    asked.push(operation);
    return answer(operation);
  }) as Client['call'];
  return { asked, call };
}

const lists = (operation: string): unknown => (operation.startsWith('list') ? [] : { of: operation });

test('the progress of tasks is not why the network is looked at again', async () => {
  const client = clientThat(lists);
  const first = await readFacts(client);
  expect(first).toMatchObject({ away: null, network: { of: 'network' }, os: { of: 'osStatus' } });
  client.asked.length = 0;
  expect(await readFacts(client, first)).toEqual(first);
  expect(client.asked).toEqual(['listMachines', 'listTasks']);
});

test('a part that this PC does not have leaves the rest, and a service that is away is away', async () => {
  const without = clientThat((operation) => {
    if (operation === 'osStatus') throw new PhyllomeError('os-only');
    return lists(operation);
  });
  expect(await readFacts(without)).toMatchObject({ away: null, os: null, network: { of: 'network' } });
  const away = clientThat(() => {
    throw new PhyllomeError('service-unreachable', { reason: 'it ended' });
  });
  expect((await readFacts(away)).away).toContain('does not answer');
});
