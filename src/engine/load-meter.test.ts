// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { PhyllomeError } from '../contract/errors.ts';
import type { Counters, Traffic } from '../vmm/driver.ts';
import { createLoadMeter, type Usage } from './load-meter.ts';

const never = new Promise(() => {});
const usageOf = (seconds: number): Usage => ({
  cpu: [{ id: '1', values: [seconds] }],
  memoryBytes: 1000,
});

function setUp(counters: Partial<Counters>) {
  const clock = { ms: 0 };
  let seconds = 0;
  const meter = createLoadMeter(
    {
      usage: () => usageOf((seconds += 3)),
      counters: () => ({ disks: async () => [], network: async () => [], ...counters }),
    },
    () => clock.ms,
  );
  const look = (after = 2000, over: Promise<unknown> = never) => {
    clock.ms += after;
    return meter.look(2000, over);
  };
  return { ...meter, look, clock };
}

/** Counters that grow with each question, and how often they were asked. */
function growing(step: Omit<Traffic, 'id'>) {
  const state = { asked: 0 };
  const ask = async (): Promise<Traffic[]> => {
    state.asked += 1;
    return [{ id: 'a', in: state.asked * step.in, out: state.asked * step.out }];
  };
  return { state, ask };
}

test('the first look knows memory, the second what happened in between', async () => {
  const { look, notes } = setUp({ disks: growing({ in: 4000, out: 2 }).ask });
  expect(await look()).toEqual({
    cpu: null,
    memory: 1000,
    diskRead: null,
    diskWrite: null,
    networkReceive: null,
    networkSend: null,
  });
  expect(await look()).toMatchObject({ cpu: 1.5, diskRead: 2000, diskWrite: 1 });
  expect(notes()).toEqual([]);
});

test('the guest is asked less often, and its figures stand in between', async () => {
  const network = growing({ in: 4000, out: 8000 });
  const { look } = setUp({ network: network.ask });
  for (let times = 0; times < 2; times += 1) await look();
  expect(network.state.asked).toBe(1);
  expect(await look()).toMatchObject({ networkReceive: 1000, networkSend: 2000 });
  expect(await look()).toMatchObject({ networkReceive: 1000, networkSend: 2000 });
  expect(network.state.asked).toBe(2);
});

test('one that does not answer is not asked again, delays nothing, and its old figures go', async () => {
  const late = Promise.withResolvers<Traffic[]>();
  let asked = 0;
  const disks = (): Promise<Traffic[]> => {
    asked += 1;
    if (asked < 3) return Promise.resolve([{ id: 'a', in: asked * 1000, out: 0 }]);
    return asked === 3 ? late.promise : new Promise(() => {});
  };
  const { look } = setUp({ disks });
  await look();
  expect(await look()).toMatchObject({ diskRead: 500 });
  const over = Promise.resolve();
  // It may be late once or twice before its last figure is too old to be shown.
  for (let times = 0; times < 3; times += 1)
    expect(await look(2000, over)).toMatchObject({ cpu: 1.5, diskRead: 500 });
  expect(await look(2000, over)).toMatchObject({ cpu: 1.5, diskRead: null });
  expect(asked).toBe(3);
  late.resolve([{ id: 'a', in: 12_000, out: 0 }]);
  await new Promise((answered) => setImmediate(answered));
  expect(await look(0, over)).toMatchObject({ diskRead: 1250 });
});

test('what is not known is said in words; a guest without an answer is left in peace until it begins anew', async () => {
  let asked = 0;
  const { look, notes, guestRestarted } = setUp({
    network: async () => {
      asked += 1;
      if (asked === 1)
        throw new PhyllomeError('guest-agent-failed', { name: 'tiny', reason: 'none is connected' });
      return [{ id: 'a', in: asked, out: asked }];
    },
  });
  await look();
  expect(notes()).toEqual([
    'The network traffic is not known. The agent in the guest of tiny gives no answer: none is connected.',
  ]);
  for (let times = 0; times < 14; times += 1) await look();
  expect(asked).toBe(1);
  guestRestarted();
  await look();
  expect(asked).toBe(2);
  expect(notes()).toEqual([]);
});

test('a guest that began anew makes no leap', async () => {
  const counts = [5000, 6000, 9000];
  const { look, guestRestarted } = setUp({
    network: async () => [{ id: 'a', in: counts.shift() ?? 0, out: 0 }],
  });
  await look(4000);
  expect(await look(4000)).toMatchObject({ networkReceive: 250 });
  guestRestarted();
  expect(await look(4000)).toMatchObject({ networkReceive: null });
});

test('a VMM that cannot be reached, or has no counters, is no failure', async () => {
  const gone = createLoadMeter({
    usage: () => null,
    counters: () => {
      throw new PhyllomeError('vmm-gone', { name: 'tiny', reason: 'its control channel is lost' });
    },
  });
  expect(Object.values(await gone.look(2000, never))).toEqual([null, null, null, null, null, null]);
  expect(gone.notes()[0]).toContain('its control channel is lost');
  const simple = createLoadMeter({ usage: () => usageOf(1), counters: () => undefined });
  expect(await simple.look(2000, never)).toMatchObject({ memory: 1000, diskRead: null });
  expect(simple.notes()[0]).toBe('The traffic of the disks is not known. The VMM does not count it.');
});
