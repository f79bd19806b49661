// SPDX-License-Identifier: Apache-2.0
//
// kill -9, a full disk and a VMM that does not start, in the middle of a move to another VMM: the machine is the old one
// or the new one, and no byte of it is lost.
import { execFileSync } from 'node:child_process';
import { existsSync, statfsSync } from 'node:fs';
import { chmod, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Body } from '../../src/contract/api.ts';
import { makeTinySystem, missingTools, run } from '../support/guest-image.ts';
import { startService, type TestService } from '../support/service.ts';

const missing = missingTools(['grub-fstest', 'mke2fs', 'debugfs']);
const params = { ref: 'mover' };
const system = 'disks/system.qcow2';

interface Mover {
  service: TestService;
  directory: string;
  /** Puts the machine back to how it was made */
  renew(): Promise<void>;
  move(body?: Partial<Body<'switchMachine'>>): Promise<unknown>;
  cutPower(): Promise<unknown>;
  /** Where the machine's disk is now, as its definition says */
  disk(): Promise<string>;
  leftOvers(): Promise<string[]>;
}

/** A machine with a system on a qcow2 disk, in a service of its own. */
async function makeMover(dataParent?: string): Promise<Mover> {
  const service = await startService(dataParent === undefined ? {} : { dataParent });
  const { directory } = await service.create('mover');
  const kept = await mkdtemp(join(tmpdir(), 'phkept-'));
  const original = join(kept, 'system.qcow2');
  await makeTinySystem(directory, original, 160);
  const changes = [
    { path: ['disks'], value: [{ file: system, format: 'qcow2' }] },
    { path: ['boot'], value: { type: 'bios' } },
    { path: ['nics'], value: [] },
  ];
  await service.client.call('changeDefinition', { params, body: { changes } });
  const text = await readFile(join(directory, 'machine.yaml'), 'utf8');
  await rm(join(directory, 'disks/data.qcow2'));
  await rm(join(directory, 'kernel'), { recursive: true });
  const mover: Mover = {
    service,
    directory,
    async renew() {
      const { state } = await service.client.call('showMachine', { params });
      if (state.name !== 'stopped' && state.name !== 'crashed') await mover.cutPower();
      for (const name of ['disks', 'kernel', 'switch.json', 'before-switch.yaml'])
        await rm(join(directory, name), { recursive: true, force: true });
      execFileSync('mkdir', ['-p', join(directory, 'disks')]);
      execFileSync('cp', [original, join(directory, system)]);
      await writeFile(join(directory, 'machine.yaml'), text);
    },
    move: (body = {}) =>
      service.finish(
        service.client.call('switchMachine', {
          params,
          body: { vmm: 'qemu', guestKernel: true, start: true, ...body },
        }),
      ),
    cutPower: () =>
      service.finish(
        service.client.call('stopMachine', { params, body: { force: true, timeoutSeconds: 1 } }),
      ),
    async disk() {
      const { definition } = await service.client.call('showMachine', { params });
      const [disk] = definition?.disks ?? [];
      return `${disk?.format} ${disk?.file}`;
    },
    leftOvers: async () =>
      (await readdir(directory, { recursive: true })).filter((name) =>
        /system|switch|from-disk\.|\.tmp$|\.new$/.test(name),
      ),
  };
  return mover;
}

const textIn = (image: string): string => run('debugfs', '-R', 'cat /etc/mark', image);

describe.skipIf(missing !== '')(`a move to another VMM${missing}`, () => {
  let mover: Mover;
  beforeAll(async () => {
    mover = await makeMover();
  });
  afterAll(() => mover.service[Symbol.asyncDispose]());

  // Steps through everything a move does; where each one hits is up to the PC.
  const moments = [0, 20, 60, 120, 200, 300, 450, 600, 800, 1000, 1300, 1700, 2200];
  test.each(moments)(
    'killed after %i ms: the old machine or the new one, and it can move',
    async (moment) => {
      const { service, directory, renew, disk, move, leftOvers } = mover;
      await renew();
      void move().catch(() => {});
      await delay(moment);
      await service.kill();
      await service.restart();
      const where = await disk();
      if (where === `qcow2 ${system}`) {
        // At most what it had begun is gone again.
        expect(await leftOvers()).toEqual(['disks/system.qcow2']);
        await move();
        expect(await disk()).toBe('raw disks/system.raw');
      } else {
        expect(where).toBe('raw disks/system.raw');
        const { state } = await service.client.call('showMachine', { params });
        if (state.name === 'stopped') await service.client.call('startMachine', { params });
      }
      expect((await leftOvers()).toSorted()).toEqual(['before-switch.yaml', 'disks/system.raw']);
      await mover.cutPower();
      expect(textIn(join(directory, 'disks/system.raw'))).toBe('written before the move\n');
    },
  );

  test('aborted while it copies: nothing has changed', async () => {
    await mover.renew();
    const { client } = mover.service;
    const before = await readFile(join(mover.directory, 'machine.yaml'), 'utf8');
    const task = await client.call('switchMachine', {
      params,
      body: { vmm: 'qemu', guestKernel: true, start: true },
    });
    // It is the machine's own business until then.
    await expect(client.call('startMachine', { params })).rejects.toMatchObject({ code: 'machine-state' });
    await expect(client.call('deleteMachine', { params })).rejects.toMatchObject({ code: 'machine-state' });
    expect((await client.call('abortTask', { params: { id: task.id } })).state).toBe('aborted');
    expect(await readFile(join(mover.directory, 'machine.yaml'), 'utf8')).toBe(before);
    expect(await mover.leftOvers()).toEqual(['disks/system.qcow2']);
  });

  test('a start that fails puts everything back, and says why', async () => {
    await mover.renew();
    const before = await readFile(join(mover.directory, 'machine.yaml'), 'utf8');
    // No port, no start: found out only when the machine is about to run.
    const kernels = join(mover.directory, 'kernel');
    await mover.service.client.call('changeDefinition', {
      params,
      body: { changes: [{ path: ['shares'], value: [{ tag: 'gone', path: '/nonexistent/folder' }] }] },
    });
    const changed = await readFile(join(mover.directory, 'machine.yaml'), 'utf8');
    await expect(mover.move()).rejects.toMatchObject({
      code: 'switch-failed',
      message: expect.stringContaining('/nonexistent/folder'),
    });
    expect(await readFile(join(mover.directory, 'machine.yaml'), 'utf8')).toBe(changed);
    expect(changed).not.toBe(before);
    expect(await mover.leftOvers()).toEqual(['disks/system.qcow2']);
    expect(existsSync(join(kernels, 'from-disk'))).toBe(true);
  });

  test('a guest without a kernel is found out before anything changes', async () => {
    await mover.renew();
    const empty = join(mover.directory, system);
    await rm(empty);
    run('qemu-img', 'create', '-q', '-f', 'qcow2', empty, '64M');
    await expect(mover.move()).rejects.toMatchObject({
      code: 'switch-failed',
      facts: expect.objectContaining({ code: 'guest-kernel-missing' }),
    });
    expect(await mover.disk()).toBe(`qcow2 ${system}`);
    expect(await mover.leftOvers()).toEqual(['disks/system.qcow2']);
  });

  test('snapshots in a disk are not thrown away', async () => {
    await mover.renew();
    run('qemu-img', 'snapshot', '-c', 'precious', join(mover.directory, system));
    await expect(mover.move()).rejects.toMatchObject({
      code: 'switch-refused',
      facts: expect.objectContaining({ codes: ['disk-snapshots'] }),
    });
    expect(await mover.leftOvers()).toEqual(['disks/system.qcow2']);
  });

  test('what another machine rests on stays', async () => {
    await mover.renew();
    const clone = await mover.service.create('clone');
    const shared = join(mover.directory, system);
    const top = join(clone.directory, 'disks/top.qcow2');
    run('qemu-img', 'create', '-q', '-f', 'qcow2', '-F', 'qcow2', '-b', shared, top);
    await mover.service.client.call('changeDefinition', {
      params: { ref: 'clone' },
      body: { changes: [{ path: ['disks', 0], value: { file: 'disks/top.qcow2', format: 'qcow2' } }] },
    });
    await mover.move();
    await mover.cutPower();
    expect((await mover.leftOvers()).toSorted()).toEqual([
      'before-switch.yaml',
      'disks/system.qcow2',
      'disks/system.raw',
    ]);
  });

  test('without a start the old disk stays until the first one', async () => {
    await mover.renew();
    await mover.move({ start: false });
    expect((await mover.leftOvers()).toSorted()).toEqual([
      'disks/system.qcow2',
      'disks/system.raw',
      'switch.json',
    ]);
    await mover.service.kill();
    await mover.service.restart();
    expect((await mover.leftOvers()).length).toBe(3);
    await mover.service.client.call('startMachine', { params });
    await mover.cutPower();
  });
});

const isRoot = process.getuid?.() === 0;
describe.skipIf(missing !== '' || !isRoot)(
  `on a full disk${missing}${isRoot ? '' : ' (not run: needs root)'}`,
  () => {
    test('nothing is left half-made, wherever the space ends', async () => {
      const folder = await mkdtemp(join(tmpdir(), 'phfull-'));
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=500M,mode=700', 'tmpfs', folder]);
      await chmod(folder, 0o700);
      const mover = await makeMover(folder);
      try {
        const outcomes: string[] = [];
        for (const left of [0, 1, 30, 90, 120, 150, 250]) {
          await mover.renew();
          const { bavail, bsize } = statfsSync(folder);
          const filler = join(folder, 'filler');
          await writeFile(filler, Buffer.alloc(Math.max(0, bavail * bsize - left * 2 ** 20)));
          const before = await readFile(join(mover.directory, 'machine.yaml'), 'utf8');
          const failure = await mover.move({ start: false }).then(
            () => null,
            (error: unknown) => error as { code: string; facts: Record<string, unknown> },
          );
          await rm(filler);
          if (failure !== null) {
            expect([
              failure.code,
              failure.facts['code'],
              ...((failure.facts['codes'] ?? []) as string[]),
            ]).toContain('no-space');
            expect(await readFile(join(mover.directory, 'machine.yaml'), 'utf8')).toBe(before);
            expect(await mover.leftOvers()).toEqual(['disks/system.qcow2']);
          }
          outcomes.push(failure === null ? 'moved' : 'refused');
        }
      } finally {
        await mover.service[Symbol.asyncDispose]();
        execFileSync('umount', ['--lazy', folder]);
        await rm(folder, { recursive: true, force: true });
      }
    });
  },
);
