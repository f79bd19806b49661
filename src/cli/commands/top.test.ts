// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import type { LoadReport } from '../../contract/load.ts';
import { fakeService, onTerminal, phyllome, someMachine } from '../testing.ts';
import { topLines } from './top.ts';

const unknown = {
  cpu: null,
  memory: 2 ** 28,
  diskRead: null,
  diskWrite: null,
  networkReceive: null,
  networkSend: null,
};
const busy = {
  cpu: 1.5,
  memory: 2 ** 30,
  diskRead: 2048,
  diskWrite: 0,
  networkReceive: 12,
  networkSend: 3.4e6,
};
const report = (...machines: LoadReport['machines']): LoadReport => ({
  time: '2026-11-24T00:00:00.000Z',
  machines,
});

test('the busiest first; what is not known is a dash', () => {
  const names = new Map([
    ['a', 'idle'],
    ['b', 'busy\u001b[31m'],
  ] as const);
  const lines = topLines(report({ machineId: 'a', ...unknown }, { machineId: 'b', ...busy }), names);
  expect(lines.map((line) => line.split(/ {2,}/))).toEqual([
    ['NAME', 'CPU', 'MEMORY', 'READ', 'WRITTEN', 'RECEIVED', 'SENT'],
    ['busy\\x1b[31m', '150 %', '1 GiB', '2 KiB/s', '0 B/s', '12 B/s', '3.2 MiB/s'],
    ['idle', '-', '256 MiB', '-', '-', '-', '-'],
  ]);
  expect(topLines(report(), names)).toEqual(['No machine runs.']);
});

const machine = someMachine({ id: 'b', name: 'tiny' });
const messages = (...reports: LoadReport[]) =>
  Buffer.from(reports.map((one) => `data: ${JSON.stringify(one)}\n\n`).join(''));

test('piped it waits for rates and prints one table', async () => {
  await using service = await fakeService({
    'GET /service': () => ({}),
    'GET /load': () => messages(report({ machineId: 'b', ...unknown }), report({ machineId: 'b', ...busy })),
    'GET /machines': () => [machine],
  });
  const { stdout, code } = await phyllome(service, ['top']);
  expect([code, stdout.split('\n').length]).toEqual([0, 3]);
  expect(stdout).toMatch(/^NAME .*\ntiny +150 % /);
});

test('as JSON one report a line, until the service ends', async () => {
  await using service = await fakeService({
    'GET /service': () => ({}),
    'GET /load': () => messages(report(), report({ machineId: 'b', ...busy }), report()),
    'GET /machines': () => [machine],
  });
  const { stdout, stderr, code } = await phyllome(service, ['top', '--json']);
  const lines = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines.map(({ machines }) => machines)).toEqual([
    [],
    [{ machineName: 'tiny', machineId: 'b', ...busy }],
    [],
  ]);
  expect([code, JSON.parse(stderr).error.code]).toEqual([3, 'service-unreachable']);
});

test('on a terminal it draws the table anew', async () => {
  await using service = await fakeService({
    'GET /service': () => ({}),
    'GET /load': () => messages(report({ machineId: 'b', ...busy }), report()),
    'GET /machines': () => [machine],
  });
  const screen = await onTerminal(service, 'phyllome top').end();
  const drawn = screen.split('\u001b[H\u001b[J');
  expect(drawn).toEqual([
    '',
    expect.stringMatching(/^NAME [^]*tiny/),
    expect.stringMatching(/^No machine runs\./),
  ]);
});
