// SPDX-License-Identifier: Apache-2.0
//
// Snapshots of a guest that runs: its memory and its disk come back together, while others are deleted and merged below it.
import { execFileSync } from 'node:child_process';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openConsole } from '../support/console.ts';
import { startService, type TestService } from '../support/service.ts';

const name = 'traveller';
const params = { ref: name };
let service: TestService;

beforeAll(async () => {
  service = await startService();
  await service.create(name);
  const events = await service.listen();
  await service.client.call('startMachine', { params });
  await events.next(({ type }) => type === 'machine.ready');
  events.close();
});
afterAll(() => service[Symbol.asyncDispose]());

const take = (snapshot: string, memory = true) =>
  service.finish(service.client.call('takeSnapshot', { params, body: { name: snapshot, memory } }));
const revert = (snapshot: string, body: { discard?: boolean; start?: boolean } = {}) =>
  service.finish(
    service.client.call('revertSnapshot', {
      params: { ...params, snapshot },
      body: { discard: false, ...body },
    }),
  );
const remove = (snapshot: string) =>
  service.finish(service.client.call('deleteSnapshot', { params: { ...params, snapshot } }));
const show = () => service.client.call('showMachine', { params });
const tree = async () => {
  const { snapshots, current } = await service.client.call('listSnapshots', { params });
  return { snapshots, names: snapshots.map((one) => one.name), current };
};

async function type(line: string, answer: RegExp): Promise<void> {
  using console = await openConsole(service.paths, name, 0);
  await console.type(line, answer);
}

const says = (disk: string, memory: string) =>
  type(`cat /data/state /tmp/state | tr '\\n' ' '; echo $((40+2))`, new RegExp(`${disk} ${memory} 42`));

describe('while it runs', () => {
  test('taking one hardly holds it up, and it goes on over a new head', async () => {
    await type('echo old >/data/state; sync; echo young >/tmp/state; x=kept; echo $((1+1))', /2/);
    await take('first');
    const { state, definition, directory } = await show();
    expect(state.name).toBe('running');
    expect(definition?.disks[0]?.file).toBe('disks/data-2.qcow2');
    const { mode } = await stat(join(directory, 'disks/data.qcow2'));
    expect(mode & 0o222).toBe(0);
    const { snapshots } = await tree();
    expect(snapshots).toMatchObject([
      { name: 'first', memory: true, picture: true, parent: null, problem: null },
    ]);
    const picture = await readFile(join(directory, 'snapshots', snapshots[0]?.id ?? '', 'screen.png'));
    expect(picture.subarray(1, 4).toString()).toBe('PNG');
    await type('echo new >/data/state; sync; echo grown >/tmp/state; x=lost; echo $((2+2))', /4/);
    await says('new', 'grown');
  });

  test('the service may be killed and started again in between', async () => {
    await service.kill();
    await service.restart();
    await take('second');
    await says('new', 'grown');
    expect((await show()).definition?.disks[0]?.file).toBe('disks/data-3.qcow2');
    await type('echo newest >/data/state; sync; echo $((3+3))', /6/);
  });

  test('going back brings memory and disk of that moment; the present is kept', async () => {
    await revert('first');
    expect((await show()).state.name).toBe('running');
    await says('old', 'young');
    await type('echo variable $x', /variable kept/);
    const { names } = await tree();
    expect(names).toEqual(['first', 'second', 'Before going back to first']);
  });

  test('deleting a parent harms neither its children nor the guest', async () => {
    await type('echo third >/data/state; sync; echo $((4+4))', /8/);
    await remove('first');
    await says('third', 'young');
    const { snapshots } = await tree();
    expect(snapshots.find((one) => one.name === 'second')?.parent).toBeNull();
    await revert('Before going back to first', { discard: true });
    await says('newest', 'grown');
  });

  test('its disks alone, as after a power cut', async () => {
    await take('disks', false);
    await type('echo last >/data/state; sync; echo $((5+5))', /10/);
    const events = await service.listen();
    await revert('disks', { discard: true });
    // It starts from its disks, as after a power cut.
    await events.next((event) => event.type === 'machine.ready');
    events.close();
    await type('cat /data/state; echo $((6+6))', /newest\s+12/);
    expect((await tree()).names).toContain('disks');
  });

  test('what was changed since the start is no part of it, so it is refused', async () => {
    const change = (value: boolean) =>
      service.client.call('changeDefinition', { params, body: { changes: [{ path: ['balloon'], value }] } });
    await change(false);
    await expect(take('never')).rejects.toMatchObject({ code: 'snapshot-settings' });
    await change(true);
    const before = await show();
    await expect(
      service.client.call('deleteSnapshot', { params: { ...params, snapshot: 'none' } }),
    ).rejects.toMatchObject({ code: 'snapshot-not-found' });
    expect((await show()).definition).toEqual(before.definition);
  });
});

test('once it is off, its space comes back and every disk is sound', async () => {
  await service.finish(
    service.client.call('stopMachine', { params, body: { force: true, timeoutSeconds: 1 } }),
  );
  for (const { id } of (await tree()).snapshots) await remove(id);
  // A start does not wait for what is being tidied, and finds the disks wherever they are then.
  const events = await service.listen();
  await service.client.call('startMachine', { params });
  await events.next(({ type }) => type === 'machine.ready');
  events.close();
  await type('cat /data/state; echo $((7+7))', /newest\s+14/);
  await service.finish(
    service.client.call('stopMachine', { params, body: { force: true, timeoutSeconds: 1 } }),
  );
  const { directory } = await show();
  const disks = join(directory, 'disks');
  await expect.poll(() => readdir(disks), { timeout: 60_000 }).toHaveLength(1);
  const [file = ''] = await readdir(disks);
  expect((await show()).definition?.disks[0]?.file).toBe(`disks/${file}`);
  execFileSync('qemu-img', ['check', '-q', '-f', 'qcow2', join(disks, file)]);
});
