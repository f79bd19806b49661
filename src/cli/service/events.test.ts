// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { fakeService } from '../testing.ts';
import { createClient } from './client.ts';
import { openEvents } from './events.ts';

const warning = (text: string) =>
  ({ type: 'machine.warning', machineId: 'i', machineName: 'tiny', text }) as const;

test('hears what happens, and after a break goes on where it was', async () => {
  await using service = await fakeService();
  const client = createClient(service.paths);
  const heard: string[] = [];
  {
    using feed = await openEvents(client);
    service.emit(warning('one'));
    for await (const event of feed) {
      if (event.type === 'machine.warning') heard.push(event.text);
      if (heard.length === 1) {
        service.drop();
        service.emit(warning('two'));
      }
      if (heard.length === 2) break;
    }
  }
  client.close();
  expect(heard).toEqual(['one', 'two']);
  const lines = service.requests.map(({ line, headers }) => [line, headers['last-event-id']]);
  expect(lines).toEqual([
    ['GET /events', undefined],
    ['GET /events', '1'],
  ]);
});

test('ends when it is closed, also while somebody waits', async () => {
  await using service = await fakeService();
  const client = createClient(service.paths);
  const feed = await openEvents(client);
  const events = feed[Symbol.asyncIterator]();
  const next = events.next();
  feed.close();
  expect(await next).toEqual({ done: true, value: undefined });
  client.close();
});

test('gives up when the service stays away', async () => {
  await using service = await fakeService();
  const client = createClient(service.paths);
  using feed = await openEvents(client, { times: 3, milliseconds: 1 });
  await service[Symbol.asyncDispose]();
  await expect(feed[Symbol.asyncIterator]().next()).rejects.toMatchObject({ code: 'service-unreachable' });
  client.close();
});
