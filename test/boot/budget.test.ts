// SPDX-License-Identifier: Apache-2.0
//
// The budget with real guests: the last place is given once, and a service that is killed forgets nobody.
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Budget } from '../../src/contract/budget.ts';
import type { ErrorReport } from '../../src/contract/errors.ts';
import { startService, type TestService } from '../support/service.ts';

const MiB = 2 ** 20;

let service: TestService;
beforeAll(async () => {
  service = await startService();
  // No network, no screen: what is tested here is arithmetic.
  const small = { memory: '160MiB', nics: [], display: { type: 'none' } };
  await service.create('first', small);
  await service.create('second', small);
});
afterAll(() => service[Symbol.asyncDispose]());

const budget = () => service.client.call('budget');
const start = (ref: string) => service.client.call('startMachine', { params: { ref } });
const stop = (ref: string) =>
  service.finish(
    service.client.call('stopMachine', { params: { ref }, body: { force: true, timeoutSeconds: 5 } }),
  );
const names = ({ claims }: Budget) => claims.map(({ machineName }) => machineName);
const refusal = async (work: Promise<unknown>) => {
  try {
    await work;
  } catch (error) {
    return (error as { report(): ErrorReport }).report();
  }
  throw new Error('nothing was refused');
};

/** Leaves room for one of the two, and no second one. */
async function leaveRoomForOne(): Promise<void> {
  await service.client.call('setReserve', { body: { memoryBytes: 0 } });
  await start('first');
  const { host, claims } = await budget();
  await stop('first');
  const [claim] = claims;
  const place = (claim?.memoryBytes ?? 0) + (claim?.overheadBytes ?? 0);
  expect(place).toBeGreaterThan(200 * MiB);
  const memoryBytes = host.memoryBytes - Math.floor(place * 1.5);
  const after = await service.client.call('setReserve', { body: { memoryBytes } });
  expect(after.reserve.memoryBytes).toBe(memoryBytes);
  expect(after.claims).toEqual([]);
}

test('two starts at once cannot both have the last place; the refused one is told what would help', async () => {
  await leaveRoomForOne();
  const results = await Promise.allSettled([start('first'), start('second')]);
  expect(results.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  const [running, refused] =
    results[0]?.status === 'fulfilled' ? (['first', 'second'] as const) : (['second', 'first'] as const);
  expect(names(await budget())).toEqual([running]);

  const { code, message, hint, facts } = await refusal(start(refused));
  expect(code).toBe('budget-memory');
  expect(message).toMatch(/needs \d+ MiB of memory \(160 MiB and \d+ MiB for its VMM\).* \d+ MiB is left/);
  expect(hint).toContain(`Stop ${running} (frees`);
  expect(facts).toMatchObject({ stop: [running] });
  const { state } = await service.client.call('showMachine', { params: { ref: refused } });
  expect(state.name).toBe('stopped');

  await stop(running);
  expect(names(await budget())).toEqual([]);
  await start(refused);
  expect(names(await budget())).toEqual([refused]);
  await stop(refused);
});

test('a killed service finds the claim again, even one that no longer fits', async () => {
  await start('first');
  const before = await budget();
  await service.kill();
  await service.restart();
  expect((await budget()).claims).toEqual(before.claims);
  expect((await refusal(start('second'))).code).toBe('budget-memory');

  // The owner decides to give guests less than what runs.
  const memoryBytes = before.host.memoryBytes - 256 * MiB;
  await service.client.call('setReserve', { body: { memoryBytes } });
  await service.kill();
  await service.restart();
  const after = await budget();
  expect(after.claims).toEqual(before.claims);
  expect(after.free.memoryBytes).toBe(0);
  expect((await service.client.call('showMachine', { params: { ref: 'first' } })).state.name).toBe('running');
  await stop('first');
  expect(names(await budget())).toEqual([]);
});

test('a crash and a failed start give their place back', async () => {
  await leaveRoomForOne();
  await start('first');
  const events = await service.listen();
  const { run } = await service.client.call('showMachine', { params: { ref: 'first' } });
  process.kill(run?.pid as number, 'SIGKILL');
  await events.next((event) => event.type === 'machine.state' && event.state.name === 'crashed');
  events.close();
  await expect.poll(async () => names(await budget())).toEqual([]);

  await service.create('odd', { memory: '160MiB', nics: [], display: { type: 'none' }, cpu: { vcpus: 64 } });
  expect((await refusal(start('odd'))).code).toBe('budget-processors');
  expect(names(await budget())).toEqual([]);
  await start('second');
  await stop('second');
});

test('a new machine gets what suits this PC', async () => {
  const { recommended, free } = await budget();
  await service.finish(
    service.client.call('createMachine', {
      body: { name: 'plain', definition: { boot: { type: 'uefi' } } },
    }),
  );
  const { vcpus, memory } = await service.client.call('showMachine', { params: { ref: 'plain' } });
  expect({ vcpus, memoryBytes: memory }).toEqual(recommended);
  expect(vcpus).toBeLessThanOrEqual(free.vcpus);
});
