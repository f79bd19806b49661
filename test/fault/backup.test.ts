// SPDX-License-Identifier: Apache-2.0
//
// kill -9, a full disk and a drive that is pulled out, in the middle of backups and of their removal: every backup that is
// listed holds what the disk held at its time, nothing half-made is listed, and the next run clears what was left.
import { execFileSync } from 'node:child_process';
import { statfsSync } from 'node:fs';
import { cp, mkdtemp, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startService, type TestService } from '../support/service.ts';

const params = { ref: 'keeper' };
const MiB = 2 ** 20;
const run = (tool: string, ...words: string[]): string => execFileSync(tool, words, { encoding: 'utf8' });

let service: TestService;
let disk: string;
let id: string;
/** Where backups go, and where copies of the disk are kept to compare with. */
let place: string;
let kept: string;
let pattern = 0;

beforeAll(async () => {
  service = await startService();
  const machine = await service.create('keeper');
  id = machine.id;
  disk = join(machine.directory, 'disks/data.qcow2');
  // It never starts: what it boots would only take time.
  const changes = [{ path: ['boot'], value: { type: 'bios' } }];
  await service.client.call('changeDefinition', { params, body: { changes } });
  await rm(join(machine.directory, 'kernel'), { recursive: true });
  run('qemu-io', '-f', 'qcow2', '-c', 'write -P 77 0 60M', disk);
  kept = await mkdtemp(join(tmpdir(), 'phkept-'));
});
afterAll(async () => {
  await service[Symbol.asyncDispose]();
  await rm(kept, { recursive: true, force: true });
});
beforeEach(async () => {
  place = await mkdtemp(join(tmpdir(), 'phback-'));
});
afterEach(() => rm(place, { recursive: true, force: true }));

const begin = () => service.client.call('makeBackup', { params, body: { folder: place } });
const remove = (backup: string) =>
  service.finish(
    service.client.call('deleteBackup', { params: { ...params, backup }, query: { folder: place } }),
  );
const list = async () =>
  (await service.client.call('listBackups', { params, query: { folder: place } })).backups.toReversed();
const names = async (): Promise<string[]> =>
  (await readdir(join(place, id)).catch(() => [])).filter((name) => name !== '.lock').toSorted();

function change(): void {
  pattern = (pattern % 250) + 1;
  run('qemu-io', '-f', 'qcow2', '-c', `write -P ${pattern} ${(pattern * 7) % 50}M 8M`, disk);
}

/** Backs up and keeps what the disk holds. */
async function backUp(): Promise<string> {
  await service.finish(begin());
  return keepNewest();
}

async function keepNewest(): Promise<string> {
  const newest = (await list()).at(-1)?.id ?? '';
  await cp(disk, join(kept, newest));
  return newest;
}

async function requireWhole(): Promise<string[]> {
  const backups = await list();
  for (const { id: backup, directory, problem } of backups) {
    expect(problem).toBe(null);
    // Fails when they differ.
    run(
      'qemu-img',
      'compare',
      '-q',
      '-f',
      'qcow2',
      '-F',
      'qcow2',
      join(directory, 'disk-0.qcow2'),
      join(kept, backup),
    );
  }
  return backups.map((one) => one.id);
}

test.each([0, 80, 250])('killed %i ms into a backup', async (moment) => {
  const before = [await backUp()];
  change();
  await begin();
  await delay(moment);
  await service.kill();
  await service.restart();
  const listed = (await list()).map((one) => one.id);
  expect(listed.slice(0, 1)).toEqual(before);
  for (const made of listed.slice(1)) await cp(disk, join(kept, made));
  await requireWhole();
  change();
  const last = await backUp();
  expect(await names()).toEqual([...listed, last]);
  await requireWhole();
});

test.each([20, 70])('killed %i ms into the removal of a backup in the middle', async (moment) => {
  const made: string[] = [];
  for (let count = 0; count < 3; count += 1) {
    change();
    made.push(await backUp());
  }
  const [first, middle, last] = made as [string, string, string];
  void remove(middle).catch(() => {});
  await delay(moment);
  await service.kill();
  await service.restart();
  const listed = await requireWhole();
  expect([made, [first, last]]).toContainEqual(listed);
  if (listed.length === 3) await remove(middle);
  await remove(first);
  expect(await requireWhole()).toEqual([last]);
  expect(await names()).toEqual([last]);
});

test('aborted, nothing of it is left', async () => {
  const { id: task } = await begin();
  expect((await service.client.call('abortTask', { params: { id: task } })).state).toBe('aborted');
  expect(await names()).toEqual([]);
  // The machine is free again.
  await backUp();
});

test('while it is backed up, a machine that is off neither starts nor is deleted', async () => {
  const { id: task } = await begin();
  for (const verb of ['startMachine', 'deleteMachine'] as const)
    await expect(service.client.call(verb, { params })).rejects.toMatchObject({ code: 'machine-state' });
  await service.client.call('abortTask', { params: { id: task } });
});

test('a drive that is pulled out takes nothing with it', async () => {
  await backUp();
  change();
  const task = await begin();
  const away = `${place}-away`;
  await rename(place, away);
  await expect(service.finish(Promise.resolve(task))).rejects.toMatchObject({
    code: expect.stringMatching(/^(backup-failed|backup-folder-refused|file-unreadable)$/),
  });
  await rename(away, place);
  await requireWhole();
  await backUp();
  expect((await names()).length).toBe(2);
  await requireWhole();
});

test('by schedule: a failure is told, a folder that works is used at once, and what is made is marked', async () => {
  const set = (value: object) =>
    service.client.call('changeDefinition', { params, body: { changes: [{ path: ['schedule'], value }] } });
  const made = async (count: number) => {
    for (;;) {
      const all = await list();
      if (all.length >= count) return all;
      await delay(100);
    }
  };
  const folder = join(place, 'gone');
  const events = await service.listen();
  await set({ snapshots: { hourly: 3 }, backups: { folder, daily: 2 } });
  const { text } = (await events.next((event) => event.type === 'machine.warning')) as { text: string };
  expect(text).toMatch(/backup by schedule failed: .*gone cannot be used.* tried again at 20/);
  events.close();
  await set({ snapshots: { hourly: 3 }, backups: { folder: place, daily: 2 } });
  expect(await made(1)).toMatchObject([{ automatic: 'daily', problem: null }]);
  const { snapshots } = await service.client.call('listSnapshots', { params });
  expect(snapshots).toMatchObject([{ automatic: 'hourly', memory: false }]);
  await service.client.call('changeDefinition', { params, body: { changes: [{ path: ['schedule'] }] } });
});

test('a folder that is not there, or lies among the machines, is refused', async () => {
  const refused = (folder: string) =>
    expect(service.client.call('makeBackup', { params, body: { folder } })).rejects.toMatchObject({
      code: 'backup-folder-refused',
    });
  await refused(join(place, 'not/plugged-in'));
  await refused(join(service.paths.machines, id, 'backups'));
  await refused(join(service.paths.data, 'backups'));
  await writeFile(join(place, 'file'), '');
  await refused(join(place, 'file'));
});

const isRoot = process.getuid?.() === 0;
describe.skipIf(!isRoot)(`on a full disk${isRoot ? '' : ' (not run: needs root)'}`, () => {
  test('the backups from before stay whole, wherever the space ends', async () => {
    const small = join(place, 'small');
    await mkdir(small);
    run('mount', '-t', 'tmpfs', '-o', 'size=120M,mode=700', 'tmpfs', small);
    const filler = join(small, 'filler');
    const leave = async (bytes: number): Promise<void> => {
      const { bavail, bsize } = statfsSync(small);
      await writeFile(filler, Buffer.alloc(Math.max(0, bavail * bsize - bytes)));
    };
    const outer = place;
    place = small;
    try {
      await backUp();
      for (const left of [0, 64 * 1024, 5 * MiB]) {
        change();
        await leave(left);
        await expect(service.finish(begin())).rejects.toMatchObject({ code: 'no-space' });
        await requireWhole();
        expect((await names()).length).toBe(1);
        await rm(filler);
      }
      const middle = await backUp();
      change();
      const last = await backUp();
      // What the last one holds has no place in the one below it.
      await leave(0);
      await expect(remove(middle)).rejects.toMatchObject({ code: 'no-space' });
      expect((await requireWhole()).length).toBe(2);
      await rm(filler);
      change();
      const newest = await backUp();
      expect((await requireWhole()).slice(1)).toEqual([last, newest]);
      expect((await names()).length).toBe(3);
    } finally {
      place = outer;
      run('umount', '--lazy', small);
    }
  });
});
