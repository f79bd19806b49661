// SPDX-License-Identifier: Apache-2.0
//
// kill -9 of the service and of the VMM in the middle of a snapshot of a guest that runs: it goes on or can be started, and
// nobody ever writes to what a snapshot shows.
import { createHash } from 'node:crypto';
import { globSync, readdirSync, readFileSync, watch, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { imageChain } from '../../src/disk/chain.ts';
import { readDefinitionText } from '../../src/engine/definition-file.ts';
import { readRecords } from '../../src/engine/snapshots/record.ts';
import { openConsole } from '../support/console.ts';
import { run } from '../support/guest-image.ts';
import { startService, type TestService } from '../support/service.ts';

const name = 'busy';
const params = { ref: name };
let service: TestService;
let directory: string;
/** The layers of each snapshot as they were when it was first seen. None is merged here: nothing is deleted */
const layers = new Map<string, string[]>();
/** Values that the guest wrote */
let count = 0;
/** Changes of files that a snapshot makes when nobody is killed */
let all = 0;

const show = () => service.client.call('showMachine', { params });
const beginTake = (snapshot: string) =>
  service.client.call('takeSnapshot', { params, body: { name: snapshot, memory: true } });
const head = (): string =>
  readDefinitionText(readFileSync(join(directory, 'machine.yaml'), 'utf8')).disks[0]?.file ?? '';

async function boot(): Promise<void> {
  const events = await service.listen();
  await service.client.call('startMachine', { params });
  await events.next(({ type }) => type === 'machine.ready');
  events.close();
}

/** The guest is there, has what it wrote last, and writes something new. */
async function write(): Promise<void> {
  using serial = await openConsole(service.paths, name, 0);
  const expected = count === 0 ? '' : `value${count}`;
  count += 1;
  await serial.type(
    `echo "[$(cat /data/state 2>/dev/null)]"; echo value${count} >/data/state; sync; echo is set $((40+2))`,
    /is set 42/,
  );
  expect(serial.text()).toContain(`[${expected}]`);
}

const cutPower = () =>
  service.finish(service.client.call('stopMachine', { params, body: { force: true, timeoutSeconds: 1 } }));

const isTidying = async () =>
  (await service.client.call('listTasks')).some(({ state }) => state === 'running');

/** Every snapshot is whole, and its layers are what they were. */
async function check(): Promise<string[]> {
  const { snapshots } = await service.client.call('listSnapshots', { params });
  expect(snapshots.filter(({ problem }) => problem !== null)).toEqual([]);
  for (const { id, disks } of (await readRecords(directory)).records)
    for (const { file } of disks) {
      const chain = await imageChain(join(directory, file));
      const sums = chain.map((path) => createHash('sha256').update(readFileSync(path)).digest('hex'));
      expect([id, sums]).toEqual([id, layers.get(id) ?? sums]);
      layers.set(id, sums);
    }
  return snapshots.map((one) => one.name);
}

/** Calls `hit` at the nth change of a file of the machine while it takes a snapshot. @returns how many there were */
async function watched(snapshot: string, hit: (change: number) => void): Promise<number> {
  let changes = 0;
  const watchers = ['', 'disks', 'snapshots'].map((folder) =>
    watch(join(directory, folder), () => hit((changes += 1))),
  );
  try {
    await service.finish(beginTake(snapshot));
  } finally {
    for (const watcher of watchers) watcher.close();
  }
  return changes;
}

beforeAll(async () => {
  service = await startService();
  ({ directory } = await service.create(name));
  await boot();
  await write();
  await service.finish(beginTake('first'));
  all = await watched('second', () => {});
  await check();
  await write();
});
afterAll(() => service[Symbol.asyncDispose]());

describe('killed', () => {
  test.each([0.3, 0.55, 0.85])('the service, after %f of it: the guest goes on', async (part) => {
    await watched(`service ${part}`, (change) => {
      if (change === Math.ceil(all * part)) service.process.kill('SIGKILL');
    }).catch(() => expect(service.process.killed).toBe(true));
    await service.kill();
    await service.restart();
    await expect.poll(async () => (await show()).state.name, { timeout: 30_000 }).toBe('running');
    await check();
    await write();
    await check();
    // What was noted of its disks is right as well, or it could not go on from this.
    await service.finish(service.client.call('saveMachine', { params }));
    await service.client.call('startMachine', { params });
    await write();
    await check();
  });
});

test.each([0.5, 0.9])('the VMM, after %f of it: its disk is whole, and it can be started', async (part) => {
  const { run: process_ } = await show();
  const failure = await watched(`vmm ${part}`, (change) => {
    if (change === Math.ceil(all * part)) process.kill(process_?.pid ?? 0, 'SIGKILL');
  }).then(
    () => null,
    ({ code, message }: { code: string; message: string }) => (code === 'internal-error' ? message : code),
  );
  await expect.poll(async () => (await show()).state.name, { timeout: 30_000 }).toBe('crashed');
  // The last words of a VMM may be that it does not do as it was told.
  expect([null, 'vmm-gone', 'vmm-refused', 'save-failed']).toContain(failure);
  const names = await check();
  expect(names.includes(`vmm ${part}`)).toBe(failure === null);
  // It may be merged just now.
  await expect.poll(isTidying).toBe(false);
  run('qemu-img', 'check', '-q', join(directory, head()));
  await boot();
  await write();
  await check();
});

describe('killed by hand, between the definition and the VMM', () => {
  /** What such a service leaves: an empty head that machine.yaml names, which the VMM may have opened but not used yet. */
  async function half(open: boolean): Promise<string> {
    await service.kill();
    const old = head();
    const next = `disks/half-${open}.qcow2`;
    const file = join(directory, next);
    const { 'virtual-size': size } = JSON.parse(
      run('qemu-img', 'info', '-U', '--output=json', join(directory, old)),
    ) as { 'virtual-size': number };
    run(
      'qemu-img',
      'create',
      '-q',
      '-f',
      'qcow2',
      '-u',
      '-b',
      old.slice('disks/'.length),
      '-F',
      'qcow2',
      file,
      String(size),
    );
    if (open) await openInVmm(file);
    const definition = join(directory, 'machine.yaml');
    writeFileSync(definition, readFileSync(definition, 'utf8').replace(old, next));
    await service.restart();
    return next;
  }

  /** As the VMM is told right before its heads change. */
  async function openInVmm(filename: string): Promise<void> {
    const [socket = ''] = globSync(join(service.paths.runtime, '*/control'));
    const connection = connect(socket);
    const replies = createInterface(connection)[Symbol.asyncIterator]();
    const reply = async (): Promise<Record<string, unknown>> => {
      for (;;) {
        const line = JSON.parse((await replies.next()).value as string) as Record<string, unknown>;
        if (!('event' in line)) return line;
      }
    };
    await reply();
    const execute = async (command: string, parameters: object = {}) => {
      connection.write(JSON.stringify({ execute: command, arguments: parameters }));
      return reply();
    };
    await execute('qmp_capabilities');
    const image = { driver: 'file', 'node-name': 'disk0-90-file', filename };
    const node = { driver: 'qcow2', 'node-name': 'disk0-90', file: image, backing: null };
    expect(await execute('blockdev-add', node)).toEqual({ return: {} });
    connection.destroy();
  }

  test.each([false, true])('the next service brings the two together (already open: %s)', async (open) => {
    const next = await half(open);
    await write();
    expect(head()).toBe(next);
    const guarded = new Set((await readRecords(directory)).records.map(({ disks }) => disks[0]?.file));
    expect(guarded).not.toContain(next);
    await service.finish(beginTake(`after ${open}`));
    await check();
    await write();
    await check();
  });

  test('what it wrote is on the disk that the definition names', async () => {
    const before = head();
    await cutPower();
    await boot();
    await write();
    await check();
    // Nothing was loose, so nothing was merged.
    expect(head()).toBe(before);
  });
});

test('a saved machine goes on from its memory after snapshots were deleted and their layers tidied', async () => {
  await service.finish(beginTake('last'));
  const body = { discard: true, start: false };
  await service.finish(
    service.client.call('revertSnapshot', { params: { ...params, snapshot: 'last' }, body }),
  );
  expect((await show()).state.name).toBe('saved');
  for (const { id } of (await service.client.call('listSnapshots', { params })).snapshots)
    await service.finish(service.client.call('deleteSnapshot', { params: { ...params, snapshot: id } }));
  await service.kill();
  await service.restart();
  await expect.poll(isTidying).toBe(false);
  await service.client.call('startMachine', { params });
  await write();
  await cutPower();
  // Now there is nothing left that they have to fit.
  await expect.poll(() => readdirSync(join(directory, 'disks')).length, { timeout: 30_000 }).toBe(1);
});
