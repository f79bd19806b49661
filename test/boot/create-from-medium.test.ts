// SPDX-License-Identifier: Apache-2.0
//
// Machines from media and disks, through the real service and with the real qemu-img.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Body } from '../../src/contract/api.ts';
import { openGuestBytes } from '../../src/disk/guest-bytes.ts';
import { fatBytes, gptDisk, isoBytes, mbrDisk } from '../../src/disk/testing.ts';
import { startService, type TestService } from '../support/service.ts';

let service: TestService;
let folder = '';
const at = (name: string) => join(folder, name);
const MiB = 2 ** 20;
const qemuImg = (...parameters: string[]) => execFileSync('qemu-img', parameters, { encoding: 'utf8' });
const infoOf = (file: string, format = 'qcow2') =>
  JSON.parse(qemuImg('info', '--output=json', '-f', format, file)) as Record<string, unknown>;

const esp = 'c12a7328-f81f-11d2-ba4b-00a0c93ec93b';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ph disk,'));
  service = await startService();
  // 64 MiB, with something at the beginning and in the middle.
  await writeFile(at('source.raw'), gptDisk([{ type: esp, content: fatBytes({ efi: true }) }]));
  await truncate(at('source.raw'), 64 * MiB);
  execFileSync('dd', [`of=${at('source.raw')}`, 'bs=1M', 'seek=20', 'conv=notrunc', 'status=none'], {
    input: 'in the middle',
  });
});
afterAll(async () => {
  await service[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

type Medium = NonNullable<Body<'createMachine'>['medium']>;
const begin = (name: string, medium: Medium, definition?: Record<string, unknown>) =>
  service.client.call('createMachine', { body: { name, medium, ...(definition && { definition }) } });
async function create(name: string, medium: Medium, definition?: Record<string, unknown>) {
  await service.finish(begin(name, medium, definition));
  return service.client.call('showMachine', { params: { ref: name } });
}

describe('a copy of a disk', () => {
  test.each(['raw', 'qcow2', 'vmdk', 'vdi', 'vhdx', 'qcow2 -c', 'vmdk -o subformat=streamOptimized'])(
    'in the format %s becomes the disk of a machine',
    async (kind) => {
      const [format = '', ...options] = kind.split(' ');
      const file = at(`a, "b".${kind.replaceAll(/\W/g, '')}`);
      qemuImg('convert', '-f', 'raw', '-O', format, ...options, at('source.raw'), file);
      const before = await readFile(file);
      const machine = await create(kind, { file, use: 'copy-disk' });
      expect(machine.definition).toMatchObject({
        boot: { type: 'uefi', secureBoot: false },
        disks: [{ file: 'disks/system.qcow2', format: 'qcow2', size: 64 * MiB }],
      });
      const copy = join(machine.directory, 'disks/system.qcow2');
      expect(infoOf(copy)).toMatchObject({ 'virtual-size': 64 * MiB });
      expect((await stat(copy)).mode & 0o777).toBe(0o600);
      // Empty parts take no space.
      expect((await stat(copy)).size).toBeLessThan(4 * MiB);
      await using content = await openGuestBytes(copy, 'qcow2');
      expect((await content?.read(20 * MiB, 13))?.toString()).toBe('in the middle');
      // The original was only read, and compressed ones are read by us as QEMU does.
      expect(await readFile(file)).toEqual(before);
      if (format === 'qcow2') {
        await using original = await openGuestBytes(file, 'qcow2');
        expect((await original?.read(20 * MiB, 13))?.toString()).toBe('in the middle');
      }
    },
  );

  test('grows when it is to be larger, and is refused when it is to be smaller', async () => {
    const file = at('source.raw');
    const machine = await create('grown', { file, use: 'copy-disk', diskSize: 100 * MiB });
    const disk = join(machine.directory, 'disks/system.qcow2');
    expect(infoOf(disk)).toMatchObject({ 'virtual-size': 100 * MiB });
    await expect(begin('smaller', { file, use: 'copy-disk', diskSize: 10 * MiB })).rejects.toMatchObject({
      code: 'disk-too-small',
      message: expect.stringMatching(/64MiB.*10MiB/),
    });
  });

  test('starts as it was installed, or as its owner says', async () => {
    await writeFile(at('old.raw'), mbrDisk([{ type: 0x83, active: true }]));
    const old = await create('old', { file: at('old.raw'), use: 'copy-disk' });
    expect(old.definition?.boot).toEqual({ type: 'bios' });
    const wish = { boot: { type: 'uefi' }, memory: '300MiB', cpu: { vcpus: 3 } };
    const wished = await create('wished', { file: at('old.raw'), use: 'copy-disk' }, wish);
    expect(wished).toMatchObject({ definition: { boot: { type: 'uefi' } }, vcpus: 3, memory: 300 * MiB });
  });

  test('that is aborted leaves nothing', async () => {
    const file = at('large.raw');
    execFileSync('dd', ['if=/dev/urandom', `of=${file}`, 'bs=1M', 'count=300', 'status=none']);
    await writeFile(file, gptDisk([]), { flag: 'r+' });
    const events = await service.listen();
    const { id } = await begin('aborted', { file, use: 'copy-disk' });
    const moved = await events.next(
      (event) => event.type === 'task.changed' && event.task.id === id && event.task.bytes !== null,
    );
    events.close();
    expect(moved).toMatchObject({ task: { bytes: { total: expect.any(Number) } } });
    const task = await service.client.call('abortTask', { params: { id } });
    expect(task).toMatchObject({ state: 'aborted', error: { code: 'task-aborted' } });
    expect((await readdir(service.paths.machines)).filter((name) => name.startsWith('.'))).toEqual([]);
    // Its name is free again.
    await create('aborted', { file: at('old.raw'), use: 'copy-disk' });
  });

  test('that a killed service had begun leaves nothing', async () => {
    const file = at('large.raw');
    const events = await service.listen();
    const { id } = await begin('killed', { file, use: 'copy-disk' });
    await events.next(
      (event) => event.type === 'task.changed' && event.task.id === id && event.task.bytes !== null,
    );
    await service.kill();
    events.close();
    await expect.poll(() => service.processes()).toEqual([]);
    await service.restart();
    expect((await readdir(service.paths.machines)).filter((name) => name.startsWith('.'))).toEqual([]);
    await expect(service.client.call('showMachine', { params: { ref: 'killed' } })).rejects.toMatchObject({
      code: 'machine-not-found',
    });
  });
});

test('a disk is used where it is, by one machine', async () => {
  const file = at('own.qcow2');
  qemuImg('convert', '-f', 'raw', '-O', 'qcow2', at('source.raw'), file);
  const machine = await create('owner', { file, use: 'use-disk' });
  expect(machine.definition).toMatchObject({ boot: { type: 'uefi' }, disks: [{ file, format: 'qcow2' }] });
  await expect(begin('second', { file, use: 'use-disk' })).rejects.toMatchObject({
    code: 'disk-used',
    facts: { machines: ['owner'] },
  });
  // It is not in the machine's folder, so it stays when that goes.
  await service.client.call('deleteMachine', { params: { ref: 'owner' } });
  await service.client.call('eraseMachine', { params: { ref: 'owner' } });
  expect(await service.client.call('listBin')).toEqual([]);
  expect(existsSync(machine.directory)).toBe(false);
  expect(infoOf(file)).toMatchObject({ format: 'qcow2' });
});

test('a machine to install on has a new disk and the medium, and starts', async () => {
  await writeFile(at('x, y.iso'), isoBytes(2 * MiB));
  const machine = await create('install', { file: at('x, y.iso'), use: 'install' }, { memory: '512MiB' });
  expect(machine).toMatchObject({
    display: true,
    definition: {
      disks: [{ file: 'disks/system.qcow2', size: 64 * 2 ** 30, bootIndex: 0 }],
      removable: [{ file: at('x, y.iso'), detach: 'after-install', bootIndex: 1 }],
    },
  });
  expect((await stat(join(machine.directory, 'disks/system.qcow2'))).size).toBeLessThan(MiB);
  const events = await service.listen();
  await service.client.call('startMachine', { params: { ref: 'install' } });
  expect((await service.client.call('showMachine', { params: { ref: 'install' } })).state.name).toBe(
    'running',
  );
  // A reset in which nothing was installed changes nothing.
  await service.client.call('resetMachine', { params: { ref: 'install' } });
  await events.next(({ type }) => type === 'machine.reset');
  events.close();
  await service.finish(
    service.client.call('stopMachine', {
      params: { ref: 'install' },
      body: { force: true, timeoutSeconds: 1 },
    }),
  );
  const yaml = await readFile(join(machine.directory, 'machine.yaml'), 'utf8');
  expect(yaml).toContain('x, y.iso');
});

test('what is not given is taken from this PC', async () => {
  const machine = await create('defaults', { file: at('x, y.iso'), use: 'install' });
  const { recommended } = await service.client.call('budget');
  expect(machine).toMatchObject({ vcpus: recommended.vcpus, memory: recommended.memoryBytes });
});

test('an entry and a medium at once are refused, and a refused request keeps no name', async () => {
  const medium: Medium = { file: at('x, y.iso'), use: 'install' };
  await expect(
    service.client.call('createMachine', { body: { name: 'both', from: 'tiny', medium } }),
  ).rejects.toMatchObject({ code: 'bad-request' });
  await expect(begin('both', { file: at('none'), use: 'install' })).rejects.toMatchObject({
    code: 'file-missing',
  });
  await expect(begin('both', medium, { memory: 'lots' })).rejects.toMatchObject({
    code: 'definition-invalid',
  });
  const { state } = await service.finish(begin('both', medium));
  expect(state).toBe('done');
});
