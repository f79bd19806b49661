// SPDX-License-Identifier: Apache-2.0
import { chmod } from 'node:fs/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { PhyllomeError } from '../../contract/errors.ts';
import { createHome, fakeService, someMachine } from '../testing.ts';
import { address, createClient, failureIn, type Client } from './client.ts';

let client: Client | undefined;
afterEach(() => client?.close());

test('calls operations with what they are given', async () => {
  await using service = await fakeService({
    'GET /machines/a%2Cb%20%F0%9F%A6%8A': () => someMachine({ name: 'a,b 🦊' }),
    'POST /machines/x/stop': ({ body }) => body,
    'GET /machines/x/logs?lines=5': () => ({ source: 'serial', lines: [] }),
  });
  client = createClient(service.paths);
  expect((await client.call('showMachine', { params: { ref: 'a,b 🦊' } })).name).toBe('a,b 🦊');
  const body = { force: true, timeoutSeconds: 5 };
  expect(await client.call('stopMachine', { params: { ref: 'x' }, body })).toEqual(body);
  expect(await client.call('machineLogs', { params: { ref: 'x' }, query: { lines: 5 } })).toEqual({
    source: 'serial',
    lines: [],
  });
});

test('throws what the service reports, in its words', async () => {
  const report = { code: 'code-from-the-future', message: 'M', hint: 'H', facts: { a: 1 } };
  await using service = await fakeService({
    'GET /machines': () => {
      throw PhyllomeError.fromReport(report);
    },
  });
  client = createClient(service.paths);
  const failure = await client.call('listMachines').catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(PhyllomeError);
  expect((failure as PhyllomeError).report()).toEqual(report);
});

describe('a service that is not there', () => {
  test('no socket', async () => {
    await using home = await createHome();
    client = createClient(home.paths);
    await expect(client.call('service')).rejects.toMatchObject({ code: 'service-unreachable' });
  });

  test('the connection breaks in the middle', async () => {
    await using service = await fakeService({ 'GET /service': () => service.drop() });
    client = createClient(service.paths);
    await expect(client.call('service')).rejects.toMatchObject({ code: 'service-unreachable' });
  });

  test('a folder that others can write to is not trusted', async () => {
    await using service = await fakeService({ 'GET /service': () => ({}) });
    await chmod(service.paths.runtime, 0o777);
    client = createClient(service.paths);
    await expect(client.call('service')).rejects.toMatchObject({ code: 'unsafe-directory' });
  });
});

test('an address keeps its parts apart', () => {
  expect(address('/machines/:ref/logs', { ref: 'a/b?c#d%' }, { source: 'vmm', lines: undefined })).toBe(
    '/api/v1/machines/a%2Fb%3Fc%23d%25/logs?source=vmm',
  );
  expect(() => address('/machines/:ref', { ref: '' })).toThrow('"ref" is empty');
  expect(address('/machines/:ref', { ref: 'half \ud83e' })).toBe('/api/v1/machines/half%20%EF%BF%BD');
});

test('an answer that is not ours is shown as it is', () => {
  const { message } = failureIn(Buffer.from('<html>Bad gateway'), 502);
  expect(message).toBe('Phyllome made a mistake: the service answered 502: <html>Bad gateway');
});
