// SPDX-License-Identifier: Apache-2.0
//
// kill -9 of the service, of the VMM and of both, and a full disk, in the middle of saving a guest and of going on with it.
// A guest that was working is either running or saved, and nothing of it is lost.
import { execFileSync } from 'node:child_process';
import { existsSync, statfsSync } from 'node:fs';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openConsole } from '../support/console.ts';
import { startService, type TestService } from '../support/service.ts';

const params = { ref: 'keeper' };
const isRoot = process.getuid?.() === 0;
if (!isRoot) console.warn('save: no full disk is tried, since making a small file system needs root');

/** A service with a guest that keeps something in its memory alone. */
async function startKeeper(dataParent?: string) {
  const service = await startService(dataParent === undefined ? {} : { dataParent });
  const { directory } = await service.create('keeper', { clipboard: true, display: { type: 'vnc' } });
  const show = () => service.client.call('showMachine', { params });
  const start = () => service.client.call('startMachine', { params });
  let count = 40;
  return {
    service,
    directory,
    show,
    start,
    save: () => service.client.call('saveMachine', { params }),
    async boot() {
      const events = await service.listen();
      await start();
      await events.next(({ type }) => type === 'machine.ready');
      events.close();
      using serial = await openConsole(service.paths, 'keeper');
      count = 40;
      await serial.type(`kept=${count}; echo set $((6*7))`, /set 42/);
    },
    /** It is there with all that it had in mind: counts on by one each time. */
    async expectAlive() {
      count += 1;
      using serial = await openConsole(service.paths, 'keeper', 0);
      await serial.type('kept=$((kept+1)); echo kept is $kept', new RegExp(`kept is ${count}\\b`));
    },
    async leftOvers() {
      return (await readdir(directory)).filter((name) => name.startsWith('.') || name === 'saved');
    },
  };
}
type Keeper = Awaited<ReturnType<typeof startKeeper>>;

// Steps through everything that saving and resuming do; where each one hits is up to the PC.
const moments = [0, 80, 400];

describe('killed', () => {
  let keeper: Keeper;
  let service: TestService;
  beforeAll(async () => {
    keeper = await startKeeper();
    ({ service } = keeper);
    await keeper.boot();
  });
  afterAll(() => service[Symbol.asyncDispose]());

  /** After any accident: it runs, or it is saved and goes on. */
  async function expectNothingLost(): Promise<void> {
    const { state } = await keeper.show();
    expect(['running', 'saved']).toContain(state.name);
    expect(await keeper.leftOvers()).toEqual(state.name === 'saved' ? ['saved'] : []);
    if (state.name === 'saved') {
      expect(service.processes()).toEqual([]);
      await keeper.start();
    }
    await keeper.expectAlive();
    expect(await keeper.leftOvers()).toEqual([]);
  }

  test.each(moments)('the service, %i ms into saving', async (moment) => {
    keeper.save().catch(() => {});
    await delay(moment);
    await service.kill();
    await service.restart();
    await expectNothingLost();
    expect((await keeper.show()).state.name).toBe('running');
  });

  test.each(moments)('the service, %i ms into going on', async (moment) => {
    await service.finish(keeper.save());
    keeper.start().catch(() => {});
    await delay(moment);
    await service.kill();
    await service.restart();
    await expectNothingLost();
    expect((await keeper.show()).state.name).toBe('running');
  });

  test('the saving, by whoever asked for it', async () => {
    const { id } = await keeper.save();
    const task = await service.client.call('abortTask', { params: { id } });
    expect(['aborted', 'done']).toContain(task.state);
    await expectNothingLost();
  });

  test.each([30, 150])('the VMM, %i ms into saving: it crashed, or it is saved', async (moment) => {
    const { run } = await keeper.show();
    const saving = keeper.save();
    await delay(moment);
    if (existsSync(`/proc/${run?.pid}`)) process.kill(run?.pid as number, 'SIGKILL');
    const error = await service.finish(saving).then(
      () => null,
      (thrown: unknown) => thrown,
    );
    await expect.poll(async () => (await keeper.show()).state.name).toMatch(/crashed|saved/);
    const { state } = await keeper.show();
    expect(state.name).toBe(error === null ? 'saved' : 'crashed');
    if (state.name === 'saved') await expectNothingLost();
    else {
      expect(await keeper.leftOvers()).toEqual([]);
      await keeper.boot();
    }
  });

  test.each([300, 700])('both, %i ms into going on: the memory is there until it is used', async (moment) => {
    await service.finish(keeper.save());
    keeper.start().catch(() => {});
    await delay(moment);
    await service.kill();
    for (const pid of service.processes()) process.kill(pid, 'SIGKILL');
    await service.restart();
    const { state } = await keeper.show();
    expect(['saved', 'crashed']).toContain(state.name);
    if (state.name === 'saved') await expectNothingLost();
    else {
      expect(await keeper.leftOvers()).toEqual([]);
      await keeper.boot();
    }
  });
});

describe.skipIf(!isRoot)('on a full disk', () => {
  let folder: string;
  let keeper: Keeper;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'phfull-'));
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=300M,mode=700', 'tmpfs', folder]);
    keeper = await startKeeper(folder);
    await keeper.boot();
  });
  afterAll(async () => {
    await keeper.service[Symbol.asyncDispose]();
    execFileSync('umount', ['--lazy', folder]);
    await rm(folder, { recursive: true, force: true });
  });

  test.each([0, 2 ** 20, 20 * 2 ** 20])(
    'with %i bytes left, it is told, and the guest goes on',
    async (left) => {
      const filler = join(folder, 'filler');
      const { bavail, bsize } = statfsSync(folder);
      await writeFile(filler, Buffer.alloc(bavail * bsize - left));
      await expect(keeper.service.finish(keeper.save())).rejects.toMatchObject({ code: 'no-space' });
      expect((await keeper.show()).state.name).toBe('running');
      expect(await keeper.leftOvers()).toEqual([]);
      await rm(filler);
      await keeper.expectAlive();
    },
  );

  test('and with room again, it is saved', async () => {
    await keeper.service.finish(keeper.save());
    await keeper.start();
    await keeper.expectAlive();
    expect(await keeper.leftOvers()).toEqual([]);
  });
});
