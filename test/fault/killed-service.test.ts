// SPDX-License-Identifier: Apache-2.0
//
// kill -9 of the service at any moment: no guest stops, none is forgotten, no half-made machine is listed.
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runDirectory } from '../../src/contract/paths.ts';
import { openConsole } from '../support/console.ts';
import { startService, type TestService } from '../support/service.ts';

let service: TestService;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service[Symbol.asyncDispose]());

const show = (ref: string) => service.client.call('showMachine', { params: { ref } });
const cutPower = (ref: string) =>
  service.finish(
    service.client.call('stopMachine', { params: { ref }, body: { force: true, timeoutSeconds: 1 } }),
  );

test('a running guest runs on and is found again, console and all', async () => {
  await service.create('survivor');
  const events = await service.listen();
  await service.client.call('startMachine', { params: { ref: 'survivor' } });
  await events.next(({ type }) => type === 'machine.ready');
  events.close();
  const before = await show('survivor');
  {
    using serial = await openConsole(service.paths, 'survivor');
    await serial.type('secret=$((40+2)); echo kept $secret', /kept 42/);
  }
  await service.kill();
  await service.restart();
  const after = await show('survivor');
  expect(after.run).toEqual(before.run);
  expect(after.state).toMatchObject({ name: 'running', ready: true });
  using serial = await openConsole(service.paths, 'survivor');
  await serial.type('echo it was $secret', /it was 42/);
});

test('what its guest did meanwhile is known: it powered off', async () => {
  {
    using serial = await openConsole(service.paths, 'survivor');
    // The guest acts after the service is gone.
    await serial.type('(sleep 3; poweroff) & echo begun $((1+1))', /begun 2/);
  }
  await service.kill();
  while (
    !(await readFile(join(service.paths.logs, await idOf(), 'serial.log'), 'utf8')).match(
      /reboot: Power down/,
    )
  )
    await delay(50);
  await service.restart();
  expect((await show('survivor')).state.name).toBe('stopped');
  expect(service.processes()).toEqual([]);
});

async function idOf(): Promise<string> {
  return (await readdir(service.paths.machines)).find((name) => !name.startsWith('.')) as string;
}

test('a VMM that vanished meanwhile is a crash', async () => {
  await service.client.call('startMachine', { params: { ref: 'survivor' } });
  const { run } = await show('survivor');
  await service.kill();
  process.kill(run?.pid as number, 'SIGKILL');
  await service.restart();
  expect((await show('survivor')).state).toMatchObject({
    name: 'crashed',
    reason: expect.stringContaining('while the service was not running'),
  });
  await service.kill();
  await service.restart();
  expect((await show('survivor')).state.name).toBe('crashed');
});

describe('killed in the middle of a start', () => {
  // Steps of a few milliseconds through everything a start does; where each one hits is up to the PC.
  const moments = Array.from({ length: 24 }, (_, index) => index * 8);
  test.each(moments)('after %i ms: it runs or it does not, and can be used again', async (moment) => {
    void service.client.call('startMachine', { params: { ref: 'survivor' } }).catch(() => {});
    await delay(moment);
    await service.kill();
    await service.restart();
    const { state, run } = await show('survivor');
    expect(['stopped', 'crashed', 'running']).toContain(state.name);
    if (state.name === 'running') {
      expect(existsSync(`/proc/${run?.pid}`)).toBe(true);
      await cutPower('survivor');
    }
    // A trial of passt that was under way ends within seconds by itself.
    await expect.poll(() => service.processes()).toEqual([]);
    expect(existsSync(runDirectory(service.paths, await idOf()))).toBe(false);
  });
});

test.each([0, 3, 10, 30, 80])(
  'killed %i ms into cutting the power: nothing is left in between',
  async (moment) => {
    await service.client.call('startMachine', { params: { ref: 'survivor' } });
    void cutPower('survivor').catch(() => {});
    await delay(moment);
    await service.kill();
    await service.restart();
    const { state } = await show('survivor');
    if (state.name === 'running') await cutPower('survivor');
    expect(service.processes()).toEqual([]);
  },
);

test.each([0, 5, 15, 30, 60, 120, 250])(
  'killed %i ms into making a machine: it is there whole, or not at all',
  async (moment) => {
    const name = `new ${moment}`;
    void service.client.call('createMachine', { body: { name, from: 'tiny' } }).catch(() => {});
    await delay(moment);
    await service.kill();
    await service.restart();
    const found = (await service.client.call('listMachines')).filter((machine) => machine.name === name);
    expect(found.map(({ state }) => state.name)).toEqual(found.map(() => 'stopped'));
    expect((await readdir(service.paths.machines)).filter((entry) => entry.startsWith('.'))).toEqual([]);
    if (found.length === 1) {
      await service.client.call('startMachine', { params: { ref: name } });
      await cutPower(name);
    } else {
      await service.create(name);
    }
  },
);

test.each([0, 1, 2, 4, 8, 16])(
  'killed %i ms into deleting: it is listed or in the bin, never both or neither',
  async (moment) => {
    const name = `doomed ${moment}`;
    await service.create(name);
    void service.client.call('deleteMachine', { params: { ref: name } }).catch(() => {});
    await delay(moment);
    await service.kill();
    await service.restart();
    const listed = (await service.client.call('listMachines')).filter(
      (machine) => machine.name === name,
    ).length;
    const inBin = (await service.client.call('listBin')).filter((entry) => entry.name === name).length;
    expect(listed + inBin).toBe(1);
  },
);

test('sockets and run files of an earlier boot are cleared away', async () => {
  const id = (await show('survivor')).id;
  const directory = runDirectory(service.paths, id);
  await service.client.call('startMachine', { params: { ref: 'survivor' } });
  const run = JSON.parse(await readFile(join(directory, 'run.json'), 'utf8')) as {
    bootId: string;
    vmm: { pid: number };
  };
  await cutPower('survivor');
  await service.kill();
  // As after a power cut: the files are there, and the number belongs to somebody else now (us).
  await mkdir(directory);
  await writeFile(join(directory, 'control'), '');
  await writeFile(
    join(directory, 'run.json'),
    JSON.stringify({ ...run, bootId: 'another', vmm: { pid: process.pid, startTime: '1' } }),
  );
  await service.restart();
  expect((await show('survivor')).state.name).toBe('stopped');
  expect(existsSync(directory)).toBe(false);

  await mkdir(directory);
  await writeFile(join(directory, 'run.json'), '{"half":');
  await service.kill();
  await service.restart();
  expect(existsSync(directory)).toBe(false);
  await rm(directory, { recursive: true, force: true });
});
