// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { createCounters, type CounterSources } from './counters.ts';
import type { Qmp } from './qmp.ts';

const macs: Record<string, string> = { nic0: '52:54:00:AA:00:01', 'loose-nic1': '52:54:00:aa:00:02' };
const devices = [...Object.keys(macs), 'nic', 'disk0', 'type'].map((name) => ({ name }));

function counters(answers: Record<string, unknown>, more: Partial<CounterSources> = {}) {
  const asked: string[] = [];
  const qmp: Qmp = {
    async execute(command, args) {
      asked.push(command);
      if (command === 'qom-list') return answers['qom-list'] ?? devices;
      if (command === 'qom-get') return macs[String(args?.['path']).split('/').at(-1) ?? ''];
      return answers[command];
    },
    close() {},
  };
  const agent = { ask: async (command: string) => answers[command], close() {} };
  return {
    asked,
    ...createCounters({ name: 'tiny', qmp, agent, agentConnected: async () => true, ...more }),
  };
}

const card = (address: string, received: unknown, sent: unknown, name = 'eth0') => ({
  name,
  'hardware-address': address,
  statistics: { 'rx-bytes': received, 'tx-bytes': sent, 'rx-packets': 1 },
});

const disk = (qdev: unknown, read: unknown, written: unknown) => ({
  device: '',
  qdev,
  stats: { rd_bytes: read, wr_bytes: written, rd_operations: 9 },
});

test('disks are the ones we planned, not the flash of the firmware', async () => {
  const answer = [
    disk('/machine/peripheral/disk0/virtio-backend', 1000, 20),
    disk('disk1', 3, 4),
    disk('removable0', 7, 0),
    disk('ide0-hd0', 8, 8),
    disk('/machine/system.flash0', 500, 500),
    disk(undefined, 1, 1),
    disk('/machine/peripheral/odd', 'many', -1),
    { qdev: '/machine/peripheral/none' },
    null,
  ];
  expect(await counters({ 'query-blockstats': answer }).disks()).toEqual([
    { id: '/machine/peripheral/disk0/virtio-backend', in: 1000, out: 20 },
    { id: 'disk1', in: 3, out: 4 },
    { id: 'removable0', in: 7, out: 0 },
  ]);
  expect(await counters({ 'query-blockstats': 'x' }).disks()).toEqual([]);
});

test('network is what the cards of the machine moved, each once, and nothing that was built on them', async () => {
  const { network, asked } = counters({
    'guest-network-get-interfaces': [
      card('00:00:00:00:00:00', 9999, 9999, 'lo'),
      card('52:54:00:aa:00:01', 100, 10),
      card('52:54:00:aa:00:01', 90, 9, 'br0'),
      card('52:54:00:AA:00:02', 5, 6, 'eth1'),
      card('02:42:00:00:00:01', 777, 777, 'docker0'),
      { name: 'no-address' },
      'nonsense',
    ],
  });
  const expected = [
    { id: '52:54:00:aa:00:01', in: 100, out: 10 },
    { id: '52:54:00:aa:00:02', in: 5, out: 6 },
  ];
  expect(await network()).toEqual(expected);
  expect(await network()).toEqual(expected);
  // Cards do not change while a machine runs.
  expect(asked).toEqual(['qom-list', 'qom-get', 'qom-get']);
});

test.each([
  ['no agent', {}, { agent: null }, /no channel/],
  ['an agent that is not there', {}, { agentConnected: async () => false }, /none is connected/],
  [
    'an agent that counts nothing',
    { 'guest-network-get-interfaces': [{ name: 'eth0', 'hardware-address': '52:54:00:aa:00:01' }] },
    {},
    /counts no network traffic/,
  ],
  [
    'an agent that lies',
    { 'guest-network-get-interfaces': [card('52:54:00:aa:00:01', -1, 1e300)] },
    {},
    /counts no network traffic/,
  ],
])('%s is a reason, no figure', async (_, answers, more, reason) => {
  await expect(counters(answers, more).network()).rejects.toMatchObject({
    code: 'guest-agent-failed',
    message: expect.stringMatching(reason),
  });
});

test('a machine without network cards needs no agent', async () => {
  expect(await counters({ 'qom-list': [] }, { agent: null }).network()).toEqual([]);
});
