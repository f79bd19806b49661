// SPDX-License-Identifier: Apache-2.0
//
// A guest that is saved is gone from this PC, and goes on as if nothing had been.
import { existsSync } from 'node:fs';
import { readdir, rename, stat, truncate, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openConsole } from '../support/console.ts';
import { startService, type TestService } from '../support/service.ts';

const name = 'keeper';
let service: TestService;

beforeAll(async () => {
  service = await startService();
});
afterAll(() => service[Symbol.asyncDispose]());

const params = { ref: name };
const show = () => service.client.call('showMachine', { params });
const save = () => service.finish(service.client.call('saveMachine', { params }));

async function until(matches: (event: { type: string }) => boolean, begin: () => Promise<unknown>) {
  const events = await service.listen();
  await begin();
  await events.next(matches);
  events.close();
}

describe('a guest with a disk, a network, a screen and a clipboard', () => {
  test('is saved while it works, and its VMM is gone', async () => {
    await service.create(name, { display: { type: 'vnc' }, clipboard: true });
    await until(
      ({ type }) => type === 'machine.ready',
      () => service.client.call('startMachine', { params }),
    );
    using serial = await openConsole(service.paths, name);
    await serial.type('kept=$((40+2)); echo a file > /tmp/kept; echo set $kept', /set 42/);
    await serial.type(
      '(n=0; while :; do n=$((n+1)); echo $n > /tmp/count; sleep 0.05; done) & echo run $((1+1))',
      /run 2/,
    );
    const task = await save();
    expect(task).toMatchObject({ state: 'done', what: `Save ${name}` });
    const { state, run, directory } = await show();
    expect(state).toMatchObject({ name: 'saved', bytes: expect.any(Number) });
    expect(state.name === 'saved' && state.bytes).toBeGreaterThan(10 * 2 ** 20);
    expect(run).toBeNull();
    expect(service.processes()).toEqual([]);
    expect((await readdir(join(directory, 'saved'))).toSorted()).toEqual(['memory', 'saved.json']);
  });

  test('is saved still when the service was started again', async () => {
    await service.kill();
    await service.restart();
    expect((await show()).state.name).toBe('saved');
  });

  test('keeps its hardware meanwhile, but takes another name', async () => {
    const change = (path: string[], value: unknown) =>
      service.client.call('changeDefinition', { params, body: { changes: [{ path, value }] } });
    await expect(change(['memory'], '512MiB')).rejects.toMatchObject({ code: 'machine-saved' });
    await change(['autostart'], { order: 1 });
  });

  test('goes on where it was: variables, files, what runs', async () => {
    const before = await show();
    const machine = await service.client.call('startMachine', { params });
    expect(machine.run?.resumedFrom).toMatch(/^2/);
    expect(machine.state.name).toBe('running');
    expect(existsSync(join(before.directory, 'saved'))).toBe(false);
    using serial = await openConsole(service.paths, name, 0);
    await serial.type('echo still $kept $(cat /tmp/kept)', /still 42 a file/);
    await serial.type(
      // The file is empty for a moment whenever it is written.
      'a=; until [ -n "$a" ]; do a=$(cat /tmp/count); done; until b=$(cat /tmp/count); [ "${b:-0}" -gt $a ]; do sleep 0.1; done; echo counts $((2+3))',
      /counts 5/,
    );
    await serial.type('sync; echo to the disk $((3+4))', /to the disk 7/);
  });

  test('and a second time, from a pause', async () => {
    await service.client.call('pauseMachine', { params });
    await save();
    await service.client.call('startMachine', { params });
    using serial = await openConsole(service.paths, name, 0);
    await serial.type('echo again $kept', /again 42/);
    expect((await show()).state.name).toBe('running');
  });
});

describe('a saved memory that does not fit', () => {
  const memory = async () => join((await show()).directory, 'saved/memory');
  const start = () => service.client.call('startMachine', { params });

  test('is kept when it was cut off, and the guest goes on once it is whole', async () => {
    await save();
    const file = await memory();
    await rename(file, `${file}.whole`);
    await writeFile(file, 'no memory at all');
    await expect(start()).rejects.toMatchObject({ code: 'saved-unusable' });
    expect((await show()).state.name).toBe('saved');
    await rename(`${file}.whole`, file);
    await start();
    using serial = await openConsole(service.paths, name, 0);
    await serial.type('echo whole $kept', /whole 42/);
  });

  test('is kept when QEMU cannot read it', async () => {
    await save();
    const file = await memory();
    const { size } = await stat(file);
    await rename(file, `${file}.whole`);
    await writeFile(file, Buffer.alloc(16, 1));
    await truncate(file, size);
    await expect(start()).rejects.toMatchObject({ code: 'saved-unusable' });
    expect((await show()).state.name).toBe('saved');
    expect(service.processes()).toEqual([]);
    await rename(`${file}.whole`, file);
  });

  test('is never used once a disk was written to, and can be thrown away', async () => {
    const { definition, directory } = await show();
    const disk = join(directory, definition?.disks[0]?.file ?? '');
    await utimes(disk, new Date(), new Date());
    await expect(start()).rejects.toMatchObject({
      code: 'saved-unusable',
      message: expect.stringContaining('written to'),
    });
    const machine = await service.client.call('discardSaved', { params });
    expect(machine.state.name).toBe('stopped');
    expect((await start()).run).not.toHaveProperty('resumedFrom');
  });
});
