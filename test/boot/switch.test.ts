// SPDX-License-Identifier: Apache-2.0
//
// A machine whose system is on its disk moves: its kernel is read from there, and its data goes with it.
import { existsSync } from 'node:fs';
import { readFile, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Body } from '../../src/contract/api.ts';
import { openConsole } from '../support/console.ts';
import { makeTinySystem, missingTools, run } from '../support/guest-image.ts';
import { startService, type TestService } from '../support/service.ts';

const missing = missingTools(['grub-fstest', 'mke2fs']);

describe.skipIf(missing !== '')(`a guest with a system of its own${missing}`, () => {
  let service: TestService;
  let directory: string;
  beforeAll(async () => {
    service = await startService();
    const machine = await service.create('mover');
    ({ directory } = machine);
    await makeTinySystem(directory, join(directory, 'disks/system.qcow2'));
    await change([
      { path: ['disks', 0], value: { file: 'disks/system.qcow2', format: 'qcow2' } },
      // As it was installed; it never starts this way here.
      { path: ['boot'], value: { type: 'bios' } },
      { path: ['nics'], value: [] },
    ]);
  });
  afterAll(() => service[Symbol.asyncDispose]());

  const params = { ref: 'mover' };
  const change = (changes: Body<'changeDefinition'>['changes']) =>
    service.client.call('changeDefinition', { params, body: { changes } });
  const move = (body: Partial<Body<'switchMachine'>>) =>
    service.finish(service.client.call('switchMachine', { params, body: { start: true, ...body } }));
  const cutPower = () =>
    service.finish(service.client.call('stopMachine', { params, body: { force: true, timeoutSeconds: 1 } }));
  const disks = async () => (await readdir(join(directory, 'disks'))).toSorted();

  test('a qcow2 disk is not read for its kernel, and the error says what helps', async () => {
    await change([{ path: ['boot'], value: { type: 'guest-kernel' } }]);
    await expect(service.client.call('startMachine', { params })).rejects.toMatchObject({
      code: 'guest-disk-unreadable',
      hint: expect.stringContaining('phyllome switch'),
    });
    const { verdicts } = await service.client.call('judgeMachine', { params });
    expect(verdicts[0]?.refusals.map(({ code }) => code)).toContain('guest-disk-unreadable');
    await change([{ path: ['boot'], value: { type: 'bios' } }]);
  });

  test('the plan says what would change, and changes nothing', async () => {
    const before = await readFile(join(directory, 'machine.yaml'), 'utf8');
    const plan = await service.client.call('planSwitch', {
      params,
      body: { vmm: 'qemu', guestKernel: true, start: true },
    });
    expect(plan.refusals).toEqual([]);
    expect(plan.changes).toEqual([
      { key: 'vmm', before: 'auto', after: 'qemu' },
      { key: 'boot', before: 'bios', after: 'guest-kernel' },
      { key: 'disks[0].file', before: 'disks/system.qcow2', after: 'disks/system.raw' },
      { key: 'disks[0].format', before: 'qcow2', after: 'raw' },
    ]);
    expect(plan.disks).toMatchObject([{ file: 'disks/system.qcow2', copy: 'disks/system.raw' }]);
    expect(await readFile(join(directory, 'machine.yaml'), 'utf8')).toBe(before);
    expect(await disks()).toEqual(['data.qcow2', 'system.qcow2']);
  });

  test('it moves, boots the kernel from its disk, and finds its data there', async () => {
    const before = await readFile(join(directory, 'machine.yaml'), 'utf8');
    const events = await service.listen();
    await move({ vmm: 'qemu', guestKernel: true });
    await events.next(({ type }) => type === 'machine.ready');
    events.close();
    using serial = await openConsole(service.paths, 'mover');
    await serial.type('cat /data/etc/mark /proc/cmdline', /written before the move/);
    await serial.expect(/from-the-menu=yes .*console=tty0 console=ttyS0/);
    await serial.type('echo newer > /data/etc/mark; sync; echo do""ne', /done/);
    expect(await disks()).toEqual(['data.qcow2', 'system.raw']);
    expect(await readFile(join(directory, 'before-switch.yaml'), 'utf8')).toBe(before);
    expect(existsSync(join(directory, 'switch.json'))).toBe(false);
    // The disk is the guest's now: the plan of a running machine uses what was read.
    const plan = await service.client.call('planMachine', { params });
    expect(plan.process.command.join(' ')).toContain('kernel/from-disk/vmlinux');
    await cutPower();
  });

  test('the copy is used again as long as the guest has the same kernel', async () => {
    const record = join(directory, 'kernel/from-disk/kernel.json');
    const first = await readFile(record, 'utf8');
    await service.client.call('startMachine', { params });
    await cutPower();
    expect(await readFile(record, 'utf8')).toBe(first);
    await rm(join(directory, 'kernel/from-disk/initrd'));
    const dry = await service.client.call('planMachine', { params });
    expect(dry.decisions.some(({ what }) => what.startsWith('kernel: '))).toBe(true);
    expect(existsSync(join(directory, 'kernel/from-disk/initrd'))).toBe(false);
    await service.client.call('startMachine', { params });
    await cutPower();
    expect(existsSync(join(directory, 'kernel/from-disk/initrd'))).toBe(true);
  });

  test('and back: the way it boots is the old one, the data the newest', async () => {
    await change([{ path: ['memory'], value: '300MiB' }]);
    await move({ back: true, start: false });
    const { definition } = await service.client.call('showMachine', { params });
    expect(definition).toMatchObject({
      vmm: 'auto',
      boot: { type: 'bios' },
      memory: 300 * 2 ** 20,
      disks: [{ file: 'disks/system.raw', format: 'raw' }],
    });
    expect(run('debugfs', '-R', 'cat /etc/mark', join(directory, 'disks/system.raw'))).toBe('newer\n');
    // Nothing to go back to once it was started there.
    await service.client.call('startMachine', { params });
    await cutPower();
    expect(existsSync(join(directory, 'before-switch.yaml'))).toBe(false);
    await expect(move({ back: true })).rejects.toMatchObject({ code: 'switch-nothing-back' });
  });
});
