// SPDX-License-Identifier: Apache-2.0
//
// The whole life of a machine through the real service, with a real guest.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openConsole } from '../support/console.ts';
import { startService, type TestService } from '../support/service.ts';

const name = 'a, "tiny" guest 🌱';
let service: TestService;

beforeAll(async () => {
  service = await startService();
});
afterAll(() => service[Symbol.asyncDispose]());

const show = (ref = name) => service.client.call('showMachine', { params: { ref } });
const isReady = (event: { type: string }) => event.type === 'machine.ready';

async function startAndWait(): Promise<void> {
  const events = await service.listen();
  await service.client.call('startMachine', { params: { ref: name } });
  await events.next(isReady);
  events.close();
}

describe('a machine', () => {
  test('is made from the catalogue, under a name with a comma, quotes and an emoji', async () => {
    const machine = await service.create(name);
    expect(machine).toMatchObject({ name, state: { name: 'stopped' }, memory: 256 * 2 ** 20, run: null });
    expect(await readFile(join(machine.directory, 'machine.yaml'), 'utf8')).toContain('memory: 256MiB');
  });

  test('shows what a start would do, and does exactly that', async () => {
    const plan = await service.client.call('planMachine', { params: { ref: name } });
    expect(plan.process.command.at(0)).toMatch(/flock$/);
    await startAndWait();
    const { state, run } = await show();
    expect(state).toMatchObject({ name: 'running', ready: true });
    const running = (await readFile(`/proc/${run?.pid}/cmdline`, 'utf8')).split('\0').slice(0, -1);
    const binary = plan.process.command.findIndex((word) => word.includes('qemu-system'));
    expect(running).toEqual(plan.process.command.slice(binary));
  });

  test('talks on its console, with its history, to several at once', async () => {
    using first = await openConsole(service.paths, name);
    await first.expect(/phyllome-tiny: ready/);
    await first.type('echo 6 times 7 is $((6*7))', /6 times 7 is 42/);
    using second = await openConsole(service.paths, name);
    await second.expect(/6 times 7 is 42/);
    await second.type('uname -m', /x86_64/);
    await first.expect(/uname -m[^]*x86_64/);
    expect(second.text()).toContain('6 times 7 is 42');
  });

  test('shows its screen', async () => {
    const png = await service.client.screenshot(name);
    expect(png.subarray(0, 8)).toEqual(Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]));
    expect(png.readUInt32BE(16)).toBeGreaterThanOrEqual(640);
  });

  test('holds still when it is paused, and goes on', async () => {
    await service.client.call('pauseMachine', { params: { ref: name } });
    expect((await show()).state).toMatchObject({ name: 'paused', reason: '' });
    await expect(service.client.call('pauseMachine', { params: { ref: name } })).rejects.toMatchObject({
      code: 'machine-state',
    });
    await service.client.call('resumeMachine', { params: { ref: name } });
    using serial = await openConsole(service.paths, name, 0);
    await serial.type('echo back again', /back again\r/);
    expect((await show()).state).toMatchObject({ name: 'running', ready: true });
  });

  test('is ready again after a reset', async () => {
    const events = await service.listen();
    await service.client.call('resetMachine', { params: { ref: name } });
    await events.next(({ type }) => type === 'machine.reset');
    await events.next(isReady);
    events.close();
    expect((await show()).state).toMatchObject({ name: 'running', ready: true });
  });

  test('powers off by its button, and leaves no process, no socket', async () => {
    await service.finish(
      service.client.call('stopMachine', {
        params: { ref: name },
        body: { force: false, timeoutSeconds: 60 },
      }),
    );
    expect(await show()).toMatchObject({ state: { name: 'stopped' }, run: null });
    expect(service.processes()).toEqual([]);
  });

  test('keeps its logs, and what it was', async () => {
    const { lines } = await service.client.call('machineLogs', {
      params: { ref: name },
      query: { source: 'serial', lines: 1000 },
    });
    expect(lines.join('\n')).toMatch(/phyllome-tiny: ready/);
  });

  test('tells when its guest powers off by itself', async () => {
    await startAndWait();
    const events = await service.listen();
    using serial = await openConsole(service.paths, name);
    await serial.type('poweroff', /./);
    await events.next((event) => event.type === 'machine.state' && event.state.name === 'stopped');
    await serial.closed;
    events.close();
    expect((await show()).state.name).toBe('stopped');
  });

  test('says why it crashed, with the last words and without leftovers', async () => {
    await startAndWait();
    const events = await service.listen();
    using serial = await openConsole(service.paths, name);
    await serial.type('panic', /./);
    await events.next((event) => event.type === 'machine.state' && event.state.name === 'crashed');
    events.close();
    const { state } = await show();
    expect(state).toMatchObject({ name: 'crashed', reason: 'The kernel of the guest panicked.' });
    expect(JSON.stringify(state)).toMatch(/panic/i);
    expect(service.processes()).toEqual([]);
  });

  test('says so when its VMM is killed', async () => {
    await service.client.call('startMachine', { params: { ref: name } });
    const events = await service.listen();
    process.kill((await show()).run?.pid as number, 'SIGKILL');
    await events.next((event) => event.type === 'machine.state' && event.state.name === 'crashed');
    events.close();
    expect((await show()).state).toMatchObject({ reason: 'The VMM (qemu) was ended by SIGKILL.' });
    expect(service.processes()).toEqual([]);
  });

  test('keeps running when the guest ignores the button, until its power is cut', async () => {
    await startAndWait();
    using serial = await openConsole(service.paths, name);
    await serial.type('hang', /./);
    const asked = service.client.call('stopMachine', {
      params: { ref: name },
      body: { force: false, timeoutSeconds: 2 },
    });
    await expect(service.finish(asked)).rejects.toMatchObject({ code: 'guest-ignored-power-button' });
    expect((await show()).state.name).toBe('running');
    await service.finish(
      service.client.call('stopMachine', { params: { ref: name }, body: { force: true, timeoutSeconds: 1 } }),
    );
    expect((await show()).state.name).toBe('stopped');
  });

  test('is renamed, deleted, restored', async () => {
    await service.client.call('renameMachine', { params: { ref: name }, body: { name: 'plain' } });
    await expect(show()).rejects.toMatchObject({ code: 'machine-not-found' });
    const { files, stays, ...entry } = await service.client.call('deleteMachine', {
      params: { ref: 'plain' },
    });
    expect(files.map(({ file }) => file)).toEqual(
      expect.arrayContaining(['disks/data.qcow2', 'machine.yaml']),
    );
    expect(stays).toEqual([]);
    expect(await service.client.call('listMachines')).toEqual([]);
    expect(await service.client.call('listBin')).toEqual([entry]);
    await service.client.call('restoreMachine', { params: { ref: 'plain' } });
    expect((await show('plain')).definition?.memory).toBe(256 * 2 ** 20);
  });

  test('is edited as text, and by one person at a time', async () => {
    const { yaml, revision } = await service.client.call('readDefinition', { params: { ref: 'plain' } });
    expect(yaml).toContain('type: kernel');
    const changed = yaml.replace('memory: 256MiB', 'memory: 320MiB # more');
    const machine = await service.client.call('writeDefinition', {
      params: { ref: 'plain' },
      body: { yaml: changed, revision },
    });
    expect(machine.memory).toBe(320 * 2 ** 20);
    await expect(
      service.client.call('writeDefinition', { params: { ref: 'plain' }, body: { yaml, revision } }),
    ).rejects.toMatchObject({ code: 'definition-changed' });
  });

  test('starts by itself when the PC came up, and only then', async () => {
    const { yaml, revision } = await service.client.call('readDefinition', { params: { ref: 'plain' } });
    await service.client.call('writeDefinition', {
      params: { ref: 'plain' },
      body: { yaml: `${yaml}autostart: { order: 1 }\n`, revision },
    });
    await service.kill('SIGTERM');
    await service.restart();
    expect((await show('plain')).state.name).toBe('stopped');
    await service.kill('SIGTERM');
    await writeFile(service.paths.autostarted, 'an earlier boot');
    await service.restart();
    await expect.poll(async () => (await show('plain')).state.name, { timeout: 20_000 }).toBe('running');
  });
});
