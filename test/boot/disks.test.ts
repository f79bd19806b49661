// SPDX-License-Identifier: Apache-2.0
//
// Disks of a guest that runs: it sees that one has grown, is held to limits that change meanwhile, and gives back what it
// deletes. What QEMU was told is asked of QEMU itself.
import { execFileSync } from 'node:child_process';
import { readFile, stat } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { once } from 'node:events';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openQmp } from '../../src/vmm/qemu/qmp.ts';
import { openConsole, type TestConsole } from '../support/console.ts';
import { startService, type TestService } from '../support/service.ts';

const ref = 'disky';
const params = { ref };
const MiB = 2 ** 20;
let service: TestService;
let directory: string;
let serial: TestConsole;

const disksOf = async () => (await service.client.call('machineDisks', { params })).disks;

/** What QEMU says of the first disk. The service has to let go of it first: QEMU talks to one at a time. */
async function insideQemu(): Promise<Record<string, unknown>> {
  const { run } = await service.client.call('showMachine', { params });
  await service.kill();
  const socket = connect(run?.endpoints.control ?? '');
  await once(socket, 'connect');
  const qmp = await openQmp({ input: socket, output: socket }, { name: ref });
  const blocks = (await qmp.execute('query-block')) as { qdev?: string; inserted: Record<string, unknown> }[];
  qmp.close();
  await service.restart();
  return blocks.find(({ qdev }) => qdev?.includes('disk0'))?.inserted ?? {};
}

beforeAll(async () => {
  service = await startService();
  ({ directory } = await service.create(ref));
  const changes = [{ path: ['disks', 0, 'limits'], value: { readBytesPerSecond: '64MiB' } }];
  await service.client.call('changeDefinition', { params, body: { changes } });
  const events = await service.listen();
  await service.client.call('startMachine', { params });
  await events.next((event) => event.type === 'machine.ready');
  events.close();
  serial = await openConsole(service.paths, ref, 0);
});
afterAll(async () => {
  serial[Symbol.dispose]();
  await service[Symbol.asyncDispose]();
});

test('a disk grows while its guest runs, and the guest sees it', async () => {
  const [disk] = await disksOf();
  const before = disk?.virtualSize ?? 0;
  expect(before).toBeGreaterThan(0);
  const task = await service.finish(
    service.client.call('growDisk', { params: { ...params, disk: '0' }, body: { by: 64 * MiB } }),
  );
  expect(task.outcome?.facts).toMatchObject({ running: true, size: before + 64 * MiB });
  await serial.type(
    'echo sectors: $(cat /sys/block/vda/size)',
    new RegExp(`sectors: ${before / 512 + 131_072}\\b`),
  );
  expect((await disksOf())[0]?.virtualSize).toBe(before + 64 * MiB);
  const yaml = await readFile(join(directory, 'machine.yaml'), 'utf8');
  expect(yaml).toMatch(new RegExp(`size: ${(before + 64 * MiB) / MiB}MiB`));
  await expect(
    service.client.call('growDisk', { params: { ...params, disk: '0' }, body: { size: before } }),
  ).rejects.toMatchObject({ code: 'disk-shrink' });
});

test('what needs the files waits for the guest to stop', async () => {
  for (const begin of [
    () => service.client.call('convertDisk', { params: { ...params, disk: '0' }, body: { format: 'raw' } }),
    () => service.client.call('checkDisk', { params: { ...params, disk: '0' }, body: {} as never }),
    () => service.client.call('removeDisk', { params: { ...params, disk: '0' }, body: { erase: true } }),
  ])
    await expect(begin()).rejects.toMatchObject({ code: 'machine-state' });
  // tiny has no agent.
  await expect(service.finish(service.client.call('trimDisks', { params, body: {} }))).rejects.toMatchObject({
    code: 'guest-agent-failed',
  });
});

test('limits are those of the definition, and change at once', async () => {
  expect(await insideQemu()).toMatchObject({ bps_rd: 64 * MiB, bps_wr: 0, iops_rd: 0, iops_wr: 0 });
  const limits = { writeBytesPerSecond: 32 * MiB, writeOpsPerSecond: 500 };
  const machine = await service.client.call('limitDisk', { params: { ...params, disk: '0' }, body: limits });
  expect(machine.definition?.disks[0]?.limits).toEqual(limits);
  // In effect already: nothing waits for the next start.
  expect(machine.pending).toEqual([]);
  expect(await insideQemu()).toMatchObject({ bps_rd: 0, bps_wr: 32 * MiB, iops_wr: 500 });
  const without = await service.client.call('limitDisk', { params: { ...params, disk: '0' }, body: {} });
  expect(without.definition?.disks[0]).not.toHaveProperty('limits');
});

test('stopped, it is checked, trimmed and exported as it is', async () => {
  await service.finish(
    service.client.call('stopMachine', { params, body: { force: true, timeoutSeconds: 1 } }),
  );
  const checked = await service.finish(
    service.client.call('checkDisk', { params: { ...params, disk: '0' }, body: { repair: true } }),
  );
  expect(checked.outcome?.facts).toMatchObject({ corruptions: 0, sound: true });
  const file = join(directory, (await disksOf())[0]?.file ?? '');
  const out = join(service.paths.data, '../out.vhdx');
  await service.finish(
    service.client.call('exportDisk', {
      params: { ...params, disk: '0' },
      body: { file: out, format: 'vhdx' },
    }),
  );
  const before = (await stat(file)).blocks;
  await service.finish(service.client.call('trimDisks', { params, body: { disk: '0' } }));
  expect((await stat(file)).blocks).toBeLessThanOrEqual(before);
  expect(execFileSync('qemu-img', ['compare', file, out], { encoding: 'utf8' })).toContain('identical');
});
