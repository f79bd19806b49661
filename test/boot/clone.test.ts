// SPDX-License-Identifier: Apache-2.0
//
// Clones with a real guest: another identity, the same disk, and no byte of one in the other.
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openConsole } from '../support/console.ts';
import { startService, type TestService } from '../support/service.ts';

let service: TestService;

beforeAll(async () => {
  service = await startService();
});
afterAll(() => service[Symbol.asyncDispose]());

async function boot(name: string): Promise<void> {
  const events = await service.listen();
  await service.client.call('startMachine', { params: { ref: name } });
  await events.next((event) => event.type === 'machine.ready' && event.machineName === name);
  events.close();
}

const off = (name: string) =>
  service.finish(
    service.client.call('stopMachine', {
      params: { ref: name },
      body: { force: true, timeoutSeconds: 1 },
    }),
  );

/** What the guest of a machine says of itself and its disk, and what it then writes to it. */
async function ask(name: string, writes: string): Promise<{ mac: string; uuid: string; found: string }> {
  using serial = await openConsole(service.paths, name, 0);
  const read = 'cat /sys/class/net/e*/address /sys/class/dmi/id/product_uuid /data/note';
  await serial.type(`${read}; echo ${writes} > /data/note; sync; echo wri""tten`, /written/);
  const [mac = '', uuid = '', found = ''] = serial
    .text()
    .split(/\r?\n/)
    .filter((line) => /^([0-9a-f:]{17}|[0-9A-Fa-f-]{36}|note of .*)$/.test(line));
  return { mac, uuid: uuid.toLowerCase(), found };
}

const show = (ref: string) => service.client.call('showMachine', { params: { ref } });

/** The images of a machine, byte by byte: with these it cannot see anything else than before. */
async function imagesOf(ref: string): Promise<string[]> {
  const folder = join((await show(ref)).directory, 'disks');
  const names = (await readdir(folder)).toSorted();
  const sums = names.map(async (name) =>
    createHash('sha256')
      .update(await readFile(join(folder, name)))
      .digest('hex'),
  );
  return Promise.all(sums);
}

test('a clone boots with its own address and UUID, from the same disk, and its source sees nothing of what it writes', async () => {
  const source = await service.create('source');
  await boot('source');
  const first = await ask('source', 'note of both');
  expect(first.uuid).toBe(source.id);
  await off('source');
  const { task, guest } = await service.client.call('cloneMachine', {
    params: { ref: 'source' },
    body: { name: 'copy' },
  });
  await service.finish(Promise.resolve(task));
  const [before, fresh] = [await imagesOf('source'), await imagesOf('copy')];
  expect(guest.text).toContain('nothing to change');
  await boot('copy');
  const other = await ask('copy', 'note of copy');
  expect(other).toMatchObject({ uuid: (await show('copy')).id, found: 'note of both' });
  expect(other.mac).toMatch(/^52:54:00:/);
  expect(other.mac).not.toBe(first.mac);
  await off('copy');
  expect(await imagesOf('source')).toEqual(before);
  expect(await imagesOf('copy')).not.toEqual(fresh);
});
