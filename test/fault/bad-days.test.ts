// SPDX-License-Identifier: Apache-2.0
//
// What goes wrong around a start, each with its own error, and nothing left behind.
import { createServer } from 'node:net';
import { once } from 'node:events';
import { cp, mkdir, readFile, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { execFile, spawn } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { startService, type TestService } from '../support/service.ts';

const run = promisify(execFile);
let service: TestService;
let directory: string;

beforeAll(async () => {
  service = await startService();
  ({ directory } = await service.create('tiny'));
});
afterAll(() => service[Symbol.asyncDispose]());
afterEach(() => {
  const left = service.processes();
  if (left.length > 0) throw new Error(`still running: ${left.join(', ')}`);
});

const start = () => service.client.call('startMachine', { params: { ref: 'tiny' } });
const stop = () =>
  service.finish(
    service.client.call('stopMachine', { params: { ref: 'tiny' }, body: { force: true, timeoutSeconds: 1 } }),
  );
const stateName = async () =>
  (await service.client.call('showMachine', { params: { ref: 'tiny' } })).state.name;

async function edit(change: (yaml: string) => string): Promise<void> {
  const file = join(directory, 'machine.yaml');
  await writeFile(file, change(await readFile(file, 'utf8')));
}

/** Changes the machine for the time of a test. */
async function edited(change: (yaml: string) => string): Promise<AsyncDisposable> {
  const before = await readFile(join(directory, 'machine.yaml'), 'utf8');
  await edit(change);
  return { [Symbol.asyncDispose]: () => writeFile(join(directory, 'machine.yaml'), before) };
}

const disk = () => join(directory, 'disks/data.qcow2');

describe('the disk', () => {
  test('is missing', async () => {
    await rename(disk(), `${disk()}.away`);
    await expect(start()).rejects.toMatchObject({
      code: 'file-missing',
      message: expect.stringContaining(disk()),
    });
    await rename(`${disk()}.away`, disk());
    expect(await stateName()).toBe('stopped');
  });

  test.each<[string, (file: string) => Promise<unknown>, string]>([
    ['is empty', (file) => truncate(file, 0), 'file-unreadable'],
    ['ends within its header', (file) => truncate(file, 50), 'disk-damaged'],
    ['is something else', (file) => writeFile(file, 'x'.repeat(70_000)), 'disk-format-mismatch'],
    [
      'points outside',
      (file) =>
        run('qemu-img', ['create', '-q', '-f', 'qcow2', '-F', 'raw', '-b', '/etc/hostname', file, '1M']),
      'disk-outside',
    ],
  ])('%s', async (_, damage, code) => {
    await cp(disk(), `${disk()}.good`);
    await damage(disk());
    await expect(start()).rejects.toMatchObject({ code });
    await rename(`${disk()}.good`, disk());
  });

  test('is said to be raw but carries the header of qcow2, as a guest could write it', async () => {
    await using _ = await edited((yaml) => yaml.replace('format: qcow2', 'format: raw'));
    await expect(start()).rejects.toMatchObject({ code: 'disk-format-mismatch' });
  });

  test('is in use by another program', async () => {
    const other = spawn('qemu-io', ['-f', 'qcow2', disk()], { stdio: ['pipe', 'pipe', 'inherit'] });
    other.stdin.write('info\n');
    await once(other.stdout, 'data');
    try {
      await expect(start()).rejects.toMatchObject({ code: 'disk-in-use' });
    } finally {
      other.stdin.end('quit\n');
      await once(other, 'exit');
    }
  });
});

describe('the start', () => {
  test('finds a port taken', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    await using _ = await edited((yaml) =>
      yaml.replace('forwards: []', `forwards: [{ hostPort: ${port}, guestPort: 22 }]`),
    );
    await expect(start()).rejects.toMatchObject({
      code: 'host-port-taken',
      message: expect.stringContaining(String(port)),
    });
    server.close();
  });

  test('happens once, however often it is asked for', async () => {
    const results = await Promise.allSettled([start(), start(), start()]);
    expect(results.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected', 'rejected']);
    await stop();
  });

  test('is refused when the lock of the machine is held elsewhere', async () => {
    const holder = spawn('flock', ['--no-fork', join(directory, 'lock'), 'sleep', '60']);
    await expect.poll(() => readFile(`/proc/${holder.pid}/cmdline`, 'utf8')).toMatch(/^sleep/);
    await expect(start()).rejects.toMatchObject({ code: 'machine-in-use' });
    holder.kill();
    await once(holder, 'exit');
  });

  test('is refused for a machine whose definition is nonsense, which stays listed with its mistakes', async () => {
    await using _ = await edited((yaml) => yaml.replace('256MiB', 'plenty'));
    await expect(start()).rejects.toMatchObject({ code: 'machine-broken' });
    const [listed] = await service.client.call('listMachines');
    expect(listed).toMatchObject({ name: 'tiny', state: { name: 'broken' } });
    expect(JSON.stringify(listed?.state)).toMatch(/line \d+: memory: found/);
  });

  test('is refused for real hardware, which cannot be given yet', async () => {
    await using _ = await edited((yaml) =>
      yaml.replace('devices: []', 'devices: [{ type: usb, vendor: "1d6b", product: "0002" }]'),
    );
    await expect(start()).rejects.toMatchObject({ code: 'no-vmm' });
  });
});

describe('a folder deleted under us', () => {
  test('while it runs: it is shown, can be stopped, and then is gone', async () => {
    await cp(directory, `${service.paths.state}/copy`, { recursive: true });
    await start();
    await rm(directory, { recursive: true });
    const [listed] = await service.client.call('listMachines');
    expect(listed).toMatchObject({ name: 'tiny', state: { name: 'running' } });
    await stop();
    expect(await service.client.call('listMachines')).toEqual([]);
    await cp(`${service.paths.state}/copy`, directory, { recursive: true });
    expect(await stateName()).toBe('stopped');
  });
});

describe('names', () => {
  test.each(['', 'x'.repeat(300), 'a/b', '..', 'a\nb', ' a', '--help'])(
    '%j is refused with the reason',
    async (name) => {
      await expect(
        service.client.call('createMachine', { body: { name, from: 'tiny' } }),
      ).rejects.toMatchObject({ code: 'name-invalid' });
    },
  );

  test('a name is given once, also when two ask at the same moment', async () => {
    await expect(
      service.client.call('createMachine', { body: { name: 'tiny', from: 'tiny' } }),
    ).rejects.toMatchObject({ code: 'name-taken' });
    const both = await Promise.allSettled(
      [1, 2].map(() => service.client.call('createMachine', { body: { name: 'twin', from: 'tiny' } })),
    );
    expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    for (const result of both)
      if (result.status === 'fulfilled') await service.finish(Promise.resolve(result.value));
    await expect(
      service.client.call('renameMachine', { params: { ref: 'twin' }, body: { name: 'tiny' } }),
    ).rejects.toMatchObject({ code: 'name-taken' });
  });
});

test('two services on the same data: the second ends with the code that says so', async () => {
  const second = spawn(process.execPath, ['src/daemon/main.ts', '--port', '0'], {
    env: { ...service.env, XDG_RUNTIME_DIR: `${service.env['XDG_RUNTIME_DIR']}2` },
    stdio: 'ignore',
  });
  await mkdir(`${service.env['XDG_RUNTIME_DIR']}2`, { mode: 0o700 });
  expect((await once(second, 'exit'))[0]).toBe(3);
  expect(await service.client.call('listMachines')).not.toEqual([]);
});
