// SPDX-License-Identifier: Apache-2.0
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Restore } from '../../contract/plan.ts';
import type { MemoryProgress } from '../driver.ts';
import { Refusal, startFakeQemu, type Answers, type FakeQemu } from './fake-qemu.ts';
import { createMemory } from './memory.ts';
import { openQmp } from './qmp.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ph-mem-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const file = () => join(folder, 'memory-file');
const socket = () => join(folder, 'memory');
const transports = (...values: string[]) => [
  { 'meta-type': 'enum', values: ['socket', 'exec', 'rdma', ...values] },
];

/** A QEMU whose migration is as `states` say, one after the other; the last one stays. */
function answers(states: readonly object[], more: Answers = {}): Answers {
  const left = [...states];
  return {
    'query-migrate': () => (left.length > 1 ? left.shift() : left[0]),
    'query-migrate-capabilities': [],
    'query-qmp-schema': transports(),
    'qom-get': 'pc-q35-7.2-machine',
    'migrate-set-parameters': {},
    'migrate-set-capabilities': {},
    'migrate-incoming': {},
    migrate_cancel: {},
    migrate: {},
    ...more,
  };
}

async function memoryOf(qemu: FakeQemu, slirp = false) {
  const client = connect(qemu.socket);
  await once(client, 'connect');
  const qmp = await openQmp({ input: client, output: client }, { name: 'm' });
  return createMemory({ qmp, name: 'm', slirp, socket: socket() });
}

const options = (onProgress: (progress: MemoryProgress) => void = () => {}) => ({
  signal: AbortSignal.timeout(5000),
  onProgress,
});
const said = (qemu: FakeQemu, ...names: string[]) =>
  qemu.commands.filter(({ execute }) => names.includes(execute));

/** Sends as QEMU does when it is told to migrate to a socket. */
const sends = (bytes: string) => (args: unknown) => {
  const { uri } = args as { uri: string };
  const sender = connect(uri.replace(/^unix:/, ''));
  sender.on('error', () => {});
  sender.end(bytes);
  return {};
};

const active = { status: 'active', ram: { total: 100, remaining: 40 } };

test('an old QEMU sends to our socket, and the file has what it sent', async () => {
  await using qemu = await startFakeQemu(
    answers([{}, {}, active, { status: 'completed' }], { migrate: sends('all of it') }),
  );
  await writeFile(file(), '');
  const progress: MemoryProgress[] = [];
  const saved = await (
    await memoryOf(qemu)
  ).save(
    file(),
    options((one) => progress.push(one)),
  );
  expect(saved).toEqual({ kind: 'qemu-stream', machineType: 'pc-q35-7.2', without: [] });
  expect(await readFile(file(), 'utf8')).toBe('all of it');
  expect(said(qemu, 'migrate')).toMatchObject([{ arguments: { uri: `unix:${socket()}` } }]);
  expect(progress.length).toBeGreaterThan(0);
  expect(existsSync(socket())).toBe(false);
  // QEMU would take its time with its usual limit.
  expect(said(qemu, 'migrate-set-parameters')).toMatchObject([{ arguments: { 'max-bandwidth': 2 ** 50 } }]);
});

test('it is told when a network of QEMU itself is in it', async () => {
  await using qemu = await startFakeQemu(
    answers([{}, {}, active, { status: 'completed' }], { migrate: sends('all of it') }),
  );
  await writeFile(file(), '');
  const saved = await (await memoryOf(qemu, true)).save(file(), options());
  expect(saved.network).toBe('slirp');
});

test('QEMU 8.2 writes the file itself', async () => {
  await using qemu = await startFakeQemu(
    answers([{}, active, { status: 'completed' }], { 'query-qmp-schema': transports('file') }),
  );
  const saved = await (await memoryOf(qemu)).save(file(), options());
  expect(saved.kind).toBe('qemu-stream');
  expect(said(qemu, 'migrate', 'migrate-set-capabilities')).toMatchObject([
    { execute: 'migrate', arguments: { uri: `file:${file()}` } },
  ]);
});

test('QEMU 9.0 puts each page at its place, and takes it back so', async () => {
  await using qemu = await startFakeQemu(
    answers([{}, active, { status: 'completed' }], {
      'query-migrate-capabilities': [{ capability: 'mapped-ram', state: false }],
    }),
  );
  const memory = await memoryOf(qemu);
  const saved = await memory.save(file(), options());
  expect(saved.kind).toBe('qemu-mapped-ram');
  const capability = (state: boolean) => ({
    execute: 'migrate-set-capabilities',
    arguments: { capabilities: [{ capability: 'mapped-ram', state }] },
  });
  const names = ['migrate', 'migrate-incoming', 'migrate-set-capabilities'];
  expect(said(qemu, ...names)).toMatchObject([capability(true), { execute: 'migrate' }, capability(false)]);
  await memory.load({ file: file(), ...saved }, options());
  expect(said(qemu, ...names).slice(3)).toMatchObject([
    capability(true),
    { execute: 'migrate-incoming', arguments: { uri: `file:${file()}` } },
  ]);
});

test('a mapped file is nothing for an older QEMU, which says so', async () => {
  await using qemu = await startFakeQemu(answers([{}]));
  const restore: Restore = { file: file(), kind: 'qemu-mapped-ram', machineType: 'q', without: [] };
  await expect((await memoryOf(qemu)).load(restore, options())).rejects.toMatchObject({
    code: 'vmm-refused',
    message: expect.stringContaining('this one is older'),
  });
  expect(said(qemu, 'migrate-incoming')).toEqual([]);
});

test('a device that cannot be saved is named, in the words of QEMU', async () => {
  const words = 'State blocked by non-migratable device nvme';
  await using qemu = await startFakeQemu(answers([{}], { migrate: new Refusal(words) }));
  await writeFile(file(), '');
  await expect((await memoryOf(qemu)).save(file(), options())).rejects.toMatchObject({
    message: expect.stringContaining(words),
  });
  expect(existsSync(socket())).toBe(false);
});

test('a disk that is full is told as such', async () => {
  const failed = { status: 'failed', 'error-desc': 'Unable to write to file: No space left on device' };
  await using qemu = await startFakeQemu(
    answers([{}, {}, failed], { 'query-qmp-schema': transports('file') }),
  );
  await expect((await memoryOf(qemu)).save(file(), options())).rejects.toMatchObject({ code: 'no-space' });
});

test('an abort cancels, and waits until QEMU has let go', async () => {
  let cancelled = false;
  let looks = 0;
  await using qemu = await startFakeQemu(
    answers([], {
      'query-qmp-schema': transports('file'),
      'query-migrate': () => {
        if (!cancelled) return active;
        looks += 1;
        return looks < 3 ? { status: 'cancelling' } : { status: 'cancelled' };
      },
      migrate_cancel: () => {
        cancelled = true;
        return {};
      },
    }),
  );
  const abort = new AbortController();
  const memory = await memoryOf(qemu);
  const saving = memory.save(file(), { signal: abort.signal, onProgress: () => abort.abort() });
  await expect(saving).rejects.toMatchObject({ name: 'AbortError' });
  expect(looks).toBe(3);
});

test('the clipboard goes before, and comes back after', async () => {
  const devices = new Set(['clipboard']);
  const done = { status: 'completed' };
  await using qemu = await startFakeQemu(
    answers([{ 'blocked-reasons': ["The vdagent chardev doesn't yet support migration"] }, {}, done], {
      'query-qmp-schema': transports('file'),
      'qom-list': () => [...devices].map((name) => ({ name })),
      'query-chardev': [{ label: 'clipboard' }],
      device_del: () => (devices.delete('clipboard') ? {} : new Refusal('not found')),
      device_add: () => (devices.add('clipboard').size === 1 ? {} : new Refusal('it is there')),
      'chardev-remove': {},
      'chardev-add': {},
    }),
  );
  const saved = await (await memoryOf(qemu)).save(file(), options());
  expect(saved.without).toEqual(['clipboard']);
  const order = qemu.commands
    .map(({ execute }) => execute)
    .filter((name) => /device_|chardev-|^migrate$/.test(name));
  expect(order.filter((name) => name !== 'query-chardev')).toEqual([
    'device_del',
    'chardev-remove',
    'chardev-add',
    'migrate',
    'chardev-remove',
    'chardev-add',
    'device_add',
  ]);
});

test('an old QEMU reads from its socket what we send', async () => {
  let received = '';
  let finished = false;
  const listener = createServer((connection) => {
    connection.setEncoding('utf8').on('data', (text: string) => (received += text));
    connection.on('end', () => (finished = true));
  });
  await using qemu = await startFakeQemu(
    answers([], {
      'query-migrate': () => (finished ? { status: 'completed' } : { status: 'active' }),
      'migrate-incoming': () => {
        listener.listen(socket());
        return {};
      },
    }),
  );
  await writeFile(file(), 'x'.repeat(3 * 2 ** 20));
  const progress: MemoryProgress[] = [];
  const restore: Restore = { file: file(), kind: 'qemu-stream', machineType: 'q', without: [] };
  await (
    await memoryOf(qemu)
  ).load(
    restore,
    options((one) => progress.push(one)),
  );
  expect(received.length).toBe(3 * 2 ** 20);
  expect(progress.at(-1)).toEqual({ done: 3 * 2 ** 20, total: 3 * 2 ** 20 });
  listener.close();
});
