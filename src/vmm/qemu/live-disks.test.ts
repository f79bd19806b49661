// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { createGuestAgent } from './guest-agent.ts';
import { startFakeAgent, synced } from './fake-agent.ts';
import { createGuestTrim } from './guest-trim.ts';
import { createLiveDisks, planLimits, requestAll } from './live-disks.ts';
import type { Qmp } from './qmp.ts';
import { planOf, valuesOf } from './testing.ts';

/** A QEMU with two disks as the real one (7.2) shows them, the first with a head that a snapshot brought. */
function qemu(): { qmp: Qmp; told: [string, unknown][] } {
  const told: [string, unknown][] = [];
  const answers: Record<string, unknown> = {
    'query-named-block-nodes': [
      { 'node-name': 'disk0-file', file: '/m/disks/a.qcow2' },
      { 'node-name': 'disk0', file: '/m/disks/a.qcow2' },
      { 'node-name': 'disk0-2-file', file: '/m/disks/a-2.qcow2' },
      { 'node-name': 'disk0-2', file: 'json:{"file":"whatever"}' },
      { 'node-name': 'disk1-file', file: '/m/disks/b.raw' },
    ],
    'query-block': [
      { qdev: '/machine/peripheral/disk0/virtio-backend', inserted: { 'node-name': 'disk0-2' } },
      { qdev: 'disk1', inserted: { 'node-name': 'disk1' } },
      { qdev: 'removable0' },
    ],
  };
  const execute: Qmp['execute'] = async (command, args) => {
    if (!command.startsWith('query')) told.push([command, args]);
    return answers[command] ?? {};
  };
  return { qmp: { execute, close: () => {} }, told };
}

const rates = { bps: 0, bps_rd: 0, bps_wr: 0, iops: 0, iops_rd: 0, iops_wr: 0 };

test('the image that is written to now is the one that grows', async () => {
  const { qmp, told } = qemu();
  const disks = createLiveDisks(qmp, 'web');
  await disks.resize('/m/disks/a-2.qcow2', 4096);
  await disks.resize('/m/disks/b.raw', 8192);
  expect(told).toEqual([
    ['block_resize', { 'node-name': 'disk0-2', size: 4096 }],
    ['block_resize', { 'node-name': 'disk1', size: 8192 }],
  ]);
  // A layer below it is none, and neither is what the machine runs without.
  for (const file of ['/m/disks/a.qcow2', '/m/disks/new.qcow2'])
    await expect(disks.resize(file, 1)).rejects.toMatchObject({ code: 'vmm-refused' });
});

test('limits are for the device, and what is left out has none', async () => {
  const { qmp, told } = qemu();
  await createLiveDisks(qmp, 'web').limit('/m/disks/a-2.qcow2', { readOpsPerSecond: 5 });
  expect(told).toEqual([
    ['block_set_io_throttle', { ...rates, id: '/machine/peripheral/disk0/virtio-backend', iops_rd: 5 }],
  ]);
});

test('a plan says what is told before the guest runs', async () => {
  const plan = planLimits([{}, { limits: { writeBytesPerSecond: 7 } }, { limits: {} }]);
  expect(plan).toEqual([
    { method: 'QMP', path: 'block_set_io_throttle', body: { ...rates, id: 'disk1', bps_wr: 7 } },
  ]);
  const { qmp, told } = qemu();
  await requestAll(qmp, planLimits([{ limits: { writeBytesPerSecond: 7 } }]));
  expect(told).toEqual([
    ['block_set_io_throttle', { ...rates, id: '/machine/peripheral/disk0/virtio-backend', bps_wr: 7 }],
  ]);
});

test('a guest is asked to trim, and what it says is not trusted', async () => {
  const long = 'x'.repeat(5000);
  const paths = [
    { path: '/', trimmed: 4096 },
    { path: '/home', error: long },
    { path: '/x', trimmed: -1 },
    'nonsense',
  ];
  await using fake = await startFakeAgent(({ execute, arguments: given }) =>
    execute === 'guest-sync-delimited' ? synced(given?.id) : `${JSON.stringify({ return: { paths } })}\n`,
  );
  const agent = createGuestAgent({ name: 'web', socket: fake.socket });
  const trim = createGuestTrim({ name: 'web', agent, agentConnected: async () => true });
  expect(await trim(AbortSignal.timeout(10_000))).toEqual([
    { path: '/', bytes: 4096, problem: null },
    { path: '/home', bytes: null, problem: long.slice(0, 200) },
    { path: '/x', bytes: null, problem: null },
  ]);
  expect(fake.lines.at(-1)).toContain('guest-fstrim');
  const gone = createGuestTrim({ name: 'web', agent, agentConnected: async () => false });
  await expect(gone(AbortSignal.timeout(10_000))).rejects.toMatchObject({ code: 'guest-agent-failed' });
  agent.close();
});

test('whoever gives up does not wait for a guest that says nothing', async () => {
  await using fake = await startFakeAgent(({ execute, arguments: given }) =>
    execute === 'guest-sync-delimited' ? synced(given?.id) : undefined,
  );
  const agent = createGuestAgent({ name: 'web', socket: fake.socket });
  const trim = createGuestTrim({ name: 'web', agent, agentConnected: async () => true });
  const controller = new AbortController();
  const answer = trim(controller.signal);
  controller.abort();
  await expect(answer).rejects.toMatchObject({ code: 'guest-agent-failed' });
  agent.close();
});

test('a whole device is opened as one, with a lock; limits are in the plan', () => {
  const plan = planOf({
    disks: [
      { file: '/dev/disk/by-id/usb-x', format: 'raw', device: '4C53', cache: 'none' },
      { file: '/dev/shm/a.raw', format: 'raw', limits: { readBytesPerSecond: '1MiB' } },
    ],
  });
  const nodes = valuesOf(plan, '-blockdev').map((text) => JSON.parse(text) as { file?: object });
  expect(nodes.map(({ file }) => file)).toMatchObject([
    { driver: 'host_device', filename: '/dev/disk/by-id/usb-x', locking: 'on', cache: { direct: true } },
    { driver: 'file', filename: '/dev/shm/a.raw' },
  ]);
  expect(plan.requests).toEqual([
    { method: 'QMP', path: 'block_set_io_throttle', body: { ...rates, id: 'disk1', bps_rd: 2 ** 20 } },
  ]);
  expect(planOf({ disks: [] }).requests).toBeUndefined();
});

test.each([
  [{ file: 'disks/a.raw', format: 'raw', device: 'x' }, /only with a file below/],
  [{ file: '/dev/sdb', format: 'qcow2', device: 'x' }, /raw, for a whole block device/],
  [{ file: '/dev/sdb', format: 'raw', limits: { readOpsPerSecond: 0 } }, /readOpsPerSecond/],
  [{ file: 'a', format: 'raw', limits: { bytes: 1 } }, /unknown key/],
])('a definition with %j is refused', (disk, words) => {
  expect(() => planOf({ disks: [disk] })).toThrow(words);
});
