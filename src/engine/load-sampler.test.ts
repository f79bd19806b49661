// SPDX-License-Identifier: Apache-2.0
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { LoadReport, LoadSample } from '../contract/load.ts';
import type { LoadMeter } from './load-meter.ts';
import { createLoadSampler, untilNextLook, type MeteredMachine } from './load-sampler.ts';

const sample: LoadSample = {
  cpu: 1,
  memory: 2,
  diskRead: 3,
  diskWrite: 4,
  networkReceive: null,
  networkSend: null,
};

beforeEach(() => {
  vi.useFakeTimers({ now: new Date('2026-11-24T00:00:00Z'), toFake: ['setTimeout', 'clearTimeout', 'Date'] });
});
afterEach(() => {
  vi.useRealTimers();
});

function setUp() {
  const machines: MeteredMachine[] = [];
  const looks: [id: string, second: number][] = [];
  const records: [number, string][] = [];
  const add = (id: string, look: LoadMeter['look'] = async () => sample) => {
    const counted: LoadMeter['look'] = (interval, over) => {
      looks.push([id, Date.now() / 1000 - new Date('2026-11-24T00:00:00Z').getTime() / 1000]);
      return look(interval, over);
    };
    machines.push({ id, meter: { look: counted, notes: () => [], guestRestarted() {} } });
  };
  const sampler = createLoadSampler({
    machines: () => machines,
    record: (seconds, id) => records.push([seconds % 86_400, id]),
  });
  return { machines, looks, records, add, sampler };
}

const seconds = (count: number) => vi.advanceTimersByTimeAsync(count * 1000);

test('nothing runs: nobody looks and no timer waits, with a watcher or without', async () => {
  const { sampler, looks } = setUp();
  sampler.machinesChanged();
  expect(vi.getTimerCount()).toBe(0);
  const reports: LoadReport[] = [];
  sampler.watch((report) => reports.push(report));
  expect(reports).toEqual([{ time: '2026-11-24T00:00:00.000Z', machines: [] }]);
  expect(vi.getTimerCount()).toBe(0);
  await seconds(60);
  expect([looks, reports.length]).toEqual([[], 1]);
});

test('a machine that runs is looked at every ten seconds, in the middle of each', async () => {
  const { sampler, looks, records, add, machines } = setUp();
  add('a');
  await seconds(1);
  sampler.machinesChanged();
  await seconds(40);
  expect(looks.map(([, second]) => second)).toEqual([5, 15, 25, 35]);
  expect(records).toEqual([5, 15, 25, 35].map((second) => [second, 'a']));
  machines.length = 0;
  sampler.machinesChanged();
  expect(vi.getTimerCount()).toBe(0);
});

test('watchers hear at once and then every two seconds; the last one to leave ends it', async () => {
  const { sampler, looks, add } = setUp();
  add('a');
  sampler.machinesChanged();
  await seconds(6);
  const first: LoadReport[] = [];
  const second: LoadReport[] = [];
  const endFirst = sampler.watch((report) => first.push(report));
  expect(first).toHaveLength(1);
  await seconds(4);
  const endSecond = sampler.watch((report) => second.push(report));
  expect(second).toHaveLength(1);
  await seconds(4);
  expect(looks.map(([, at]) => at)).toEqual([5, 7, 9, 11, 13]);
  expect(first.map(({ machines }) => machines)).toEqual(
    Array.from({ length: 5 }, () => [{ machineId: 'a', ...sample }]),
  );
  endFirst();
  await seconds(2);
  expect(looks).toHaveLength(6);
  endSecond();
  await seconds(12);
  expect(looks.map(([, at]) => at)).toEqual([5, 7, 9, 11, 13, 15, 25]);
});

test('a watcher that finds nothing fresh makes somebody look', async () => {
  const { sampler, looks, add } = setUp();
  add('a');
  const reports: LoadReport[] = [];
  sampler.watch((report) => reports.push(report));
  await seconds(0);
  expect(looks).toEqual([['a', 0]]);
  expect(reports).toHaveLength(1);
});

test('a report from before a machine ran is no answer to who comes then', async () => {
  const { sampler, add } = setUp();
  sampler.machinesChanged();
  await seconds(1);
  add('a');
  sampler.machinesChanged();
  const reports: LoadReport[] = [];
  sampler.watch((report) => reports.push(report));
  await seconds(0);
  expect(reports.map(({ machines }) => machines.length)).toEqual([1]);
});

test('a machine that does not answer does not hold up the report, nor the next look', async () => {
  const { sampler, looks, add } = setUp();
  add('stuck', async (_, over) => {
    await over;
    return { ...sample, diskRead: null };
  });
  add('quick');
  const reports: LoadReport[] = [];
  sampler.watch((report) => reports.push(report));
  await seconds(0.9);
  expect(reports).toHaveLength(0);
  await seconds(0.1);
  expect(reports[0]?.machines.map(({ machineId }) => machineId)).toEqual(['stuck', 'quick']);
  expect(looks).toHaveLength(2);
  await seconds(2);
  expect(looks).toHaveLength(4);
});

test('the last machine to end is told once, and closing ends everything', async () => {
  const { sampler, add, machines } = setUp();
  add('a');
  const reports: LoadReport[] = [];
  sampler.watch((report) => reports.push(report));
  await seconds(0);
  machines.length = 0;
  sampler.machinesChanged();
  sampler.machinesChanged();
  expect(reports.map((report) => report.machines.length)).toEqual([1, 0]);
  add('b');
  sampler.machinesChanged();
  expect(vi.getTimerCount()).toBe(1);
  sampler.close();
  expect(vi.getTimerCount()).toBe(0);
  await seconds(10);
  expect(reports).toHaveLength(2);
});

test.each([
  [0, 10_000, 5000],
  [5000, 10_000, 10_000],
  [5001, 10_000, 9999],
  [4999, 10_000, 1],
  [12_345, 2000, 655],
])('at %i of %i the next look is in %i', (now, interval, expected) => {
  expect(untilNextLook(now, interval)).toBe(expected);
});
