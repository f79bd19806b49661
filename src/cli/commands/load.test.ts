// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import type { LoadHistory } from '../../contract/load.ts';
import { fakeService, phyllome } from '../testing.ts';
import { loadLines, readSpan } from './load.ts';

const history: LoadHistory = {
  step: 60,
  time: [1_800_000_000, 1_800_000_060, 1_800_000_120],
  cpu: [0, null, 0.5],
  memory: [1024, 2048, 4096],
  diskRead: [0, 0, 0],
  diskWrite: [null, 100, null],
  networkReceive: [null, null, null],
  networkSend: [null, null, null],
  notes: ['The network traffic is not known.'],
};

test('each figure with its course, its last value, its mean and its highest', () => {
  const rows = loadLines(history).map((line) => line.split(/ {2,}/));
  expect(rows.slice(1)).toEqual([
    ['CPU', '50 %', '25 %', '50 %', '▁ █'],
    ['MEMORY', '4 KiB', '2.3 KiB', '4 KiB', '▃▅█'],
    ['READ', '0 B/s', '0 B/s', '0 B/s', '▁▁▁'],
    ['WRITTEN', '-', '100 B/s', '100 B/s', '█'],
    ['RECEIVED', '-', '-', '-'],
    ['SENT', '-', '-', '-'],
  ]);
});

test('a time of which nothing is known', () => {
  const nothing = [null, null, null];
  const empty = { cpu: nothing, memory: nothing, diskRead: nothing, diskWrite: nothing };
  expect(loadLines({ ...history, ...empty })).toEqual([expect.stringMatching(/did not run/)]);
});

test.each([
  ['60s', 60],
  ['30m', 1800],
  ['24h', 86_400],
])('%s', (text, seconds) => expect(readSpan(text)).toBe(seconds));

test.each(['59s', '25h', '1d', 'h', '1.5h', '', '-1h'])('"%s" is refused', (text) =>
  expect(() => readSpan(text)).toThrow('from 1m to 24h'),
);

test('it asks for what it was told, and JSON is the answer as it is', async () => {
  await using service = await fakeService({
    'GET /service': () => ({}),
    'GET /machines/tiny/load?seconds=600&points=720': () => history,
    'GET /machines/tiny/load?seconds=3600&points=60': () => history,
  });
  const { stdout } = await phyllome(service, ['load', 'tiny', '--last', '10m', '--json']);
  expect(JSON.parse(stdout)).toEqual(history);
  expect((await phyllome(service, ['load', 'tiny'])).stdout).toContain('CPU');
});
