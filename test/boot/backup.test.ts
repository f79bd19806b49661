// SPDX-License-Identifier: Apache-2.0
//
// A real guest that runs while it is backed up, and another one out of that backup.
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openConsole } from '../support/console.ts';
import { startService, type TestService } from '../support/service.ts';

let service: TestService;
let folder: string;

beforeAll(async () => {
  service = await startService();
  folder = await mkdtemp(join(tmpdir(), 'phback-'));
});
afterAll(async () => {
  await service[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

async function start(ref: string): Promise<void> {
  const events = await service.listen();
  await service.client.call('startMachine', { params: { ref } });
  await events.next((event) => event.type === 'machine.ready' && event.machineName === ref);
  events.close();
}

const cutPower = (ref: string) =>
  service.finish(
    service.client.call('stopMachine', { params: { ref }, body: { force: true, timeoutSeconds: 60 } }),
  );
const backUp = (ref: string) =>
  service.finish(service.client.call('makeBackup', { params: { ref }, body: { folder } }));
const list = async (ref: string) =>
  (await service.client.call('listBackups', { params: { ref }, query: {} })).backups;

test('what a running guest had written is in the machine that is restored', async () => {
  const { id, directory } = await service.create('web');
  await start('web');
  {
    using serial = await openConsole(service.paths, 'web');
    await serial.type('echo as it was >/data/mark; sync; echo $((6*7)) written', /42 written/);
    await backUp('web');
    await serial.type('echo of late >/data/mark; sync; echo $((6*7)) again', /42 again/);
    await backUp('web');
    // The guest went on, and nothing is left of the snapshots that held its disks still.
    await serial.type('cat /data/mark; echo $((6*7)) read', /of late[^]*42 read/);
  }
  expect((await service.client.call('showMachine', { params: { ref: 'web' } })).state.name).toBe('running');
  expect((await service.client.call('listSnapshots', { params: { ref: 'web' } })).snapshots).toEqual([]);
  const backups = await list('web');
  expect(backups).toMatchObject([
    { kind: 'incremental', guest: 'running', problem: null },
    { kind: 'full', guest: 'running', problem: null },
  ]);
  const disks = backups.map((one) => one.disks[0]?.bytes ?? 0) as [number, number];
  expect(disks[0]).toBeLessThan(disks[1] / 2);
  await service.finish(
    service.client.call('restoreBackup', { body: { machine: 'web', backup: backups[1]?.id ?? '' } }),
  );
  await cutPower('web');
  const restored = await service.client.call('showMachine', { params: { ref: 'web (restored)' } });
  expect(restored.id).not.toBe(id);
  await start('web (restored)');
  {
    using serial = await openConsole(service.paths, 'web (restored)');
    await serial.type('cat /data/mark; echo $((6*7)) read', /as it was[^]*42 read/);
  }
  await cutPower('web (restored)');

  // The original goes, and comes back as what it was.
  await service.client.call('deleteMachine', { params: { ref: 'web' } });
  await service.finish(service.client.call('restoreBackup', { body: { machine: 'web', folder } }));
  expect(await service.client.call('showMachine', { params: { ref: 'web' } })).toMatchObject({
    id,
    directory,
  });
  expect(await readdir(join(directory, 'disks'))).toHaveLength(1);
  await service.finish(service.client.call('verifyBackups', { params: { ref: 'web' }, body: {} }));
});
