// SPDX-License-Identifier: Apache-2.0
//
// What a real guest does, as it is counted, told and kept; and what it gets: keys and the clipboard.
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadFigures, type LoadReport } from '../../src/contract/load.ts';
import { loadReports } from '../../src/cli/service/load.ts';
import { openConsole } from '../support/console.ts';
import { openViewer } from '../support/rfb.ts';
import { startService, type TestService } from '../support/service.ts';

const ref = 'busy';
const params = { ref };
let service: TestService;

beforeAll(async () => {
  service = await startService();
  await service.create(ref);
  const events = await service.listen();
  await service.client.call('startMachine', { params });
  await events.next(({ type }) => type === 'machine.ready');
  events.close();
});
afterAll(() => service[Symbol.asyncDispose]());

/** Waits for a report that says this of the one machine that runs. */
async function report(matches: (machine: LoadReport['machines'][number]) => boolean): Promise<LoadReport> {
  for await (const found of loadReports(service.client, service.paths)) {
    const [machine] = found.machines;
    if (machine !== undefined && matches(machine)) return found;
  }
  throw new Error('the stream ended');
}

test('its load is what it does: disk, network, processor, memory', async () => {
  using console = await openConsole(service.paths, ref);
  const { machines } = await report(({ memory }) => memory !== null);
  expect(machines).toHaveLength(1);
  expect(machines[0]?.memory).toBeGreaterThan(64 * 2 ** 20);
  expect(machines[0]?.memory).toBeLessThan(2 ** 30);

  await console.type('(while :; do :; done) & spin=$!; echo $((6*7))', /42/);
  await report(({ cpu }) => cpu !== null && cpu > 0.3);
  await console.type('kill $spin; echo $((7*7))', /49/);

  await console.type(
    '(while :; do dd if=/dev/zero of=/data/x bs=64k count=16 conv=fsync; done 2>/dev/null) & echo $((8*7))',
    /56/,
  );
  await report(({ diskWrite }) => diskWrite !== null && diskWrite > 10_000);
  await console.type('kill $!; echo $((9*7))', /63/);

  // Asking for a name makes traffic, whether anybody answers or not.
  await console.type('(while :; do nslookup x.invalid; done >/dev/null 2>&1) & echo $((10*7))', /70/);
  await report(({ networkSend }) => networkSend !== null && networkSend > 10);
  await console.type('kill $!; echo $((11*7))', /77/);
});

test('its past and its events outlive the service', async () => {
  const before = await service.client.call('machineEvents', { params, query: { limit: 100 } });
  expect(before.map(({ type }) => type)).toContain('machine.ready');
  await service.kill('SIGTERM');
  await service.restart();
  const load = await service.client.call('machineLoad', { params, query: { seconds: 600, points: 60 } });
  for (const figure of loadFigures) {
    expect(load[figure]).toHaveLength(load.time.length);
    expect(load[figure].filter((value) => value !== null).length).toBeGreaterThan(0);
  }
  expect(Math.max(...load.diskWrite.map(Number))).toBeGreaterThan(1000);
  const after = await service.client.call('machineEvents', { params, query: { limit: 100 } });
  expect(after.slice(-before.length)).toEqual(before);
  const page = await service.client.call('machineEvents', {
    params,
    query: { limit: 2, before: before[0]?.id ?? 0 },
  });
  expect(page).toEqual(before.slice(1, 3));
});

// Nobody tells whether a guest has fetched a key, so a guest that is busy for half a second can lose one: on a PC that has more to
// do than this test, one of three attempts has to be whole.
test('five hundred characters arrive, all of them', { retry: 2 }, async () => {
  const ascii = Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index));
  const lines = Array.from({ length: 10 }, (_, line) =>
    Array.from({ length: 49 }, (_, column) => ascii[(line * 49 + column * 7) % 95]).join(''),
  );
  const text = `${lines.join('\n')}\n`;
  expect(text).toHaveLength(500);
  const type = (what: string) => service.client.call('typeText', { params, body: { text: what } });
  // An attempt that failed may have left anything on the line.
  await service.client.call('pressKeys', { params, body: { keys: ['Control', 'c'] } });
  await type('cat >/tmp/typed\n');
  expect(await type(text)).toEqual({ typed: 500 });
  await service.client.call('pressKeys', { params, body: { keys: ['Control', 'd'] } });
  using console = await openConsole(service.paths, ref);
  const sum = createHash('md5').update(text).digest('hex');
  await console.type(
    'n=0; until [ "$(wc -c </tmp/typed)" = 500 ] || [ $((n += 1)) = 50 ]; do sleep 0.2; done; md5sum </tmp/typed; echo $((8*8))',
    /64/,
  );
  const { lines: log } = await service.client.call('machineLogs', {
    params,
    query: { source: 'serial', lines: 20 },
  });
  expect(log.join('\n')).toContain(sum);
});

test('keys that are none, and a machine that takes none', async () => {
  const press = (...keys: string[]) => service.client.call('pressKeys', { params, body: { keys } });
  await expect(press('ctrl', 'delte')).rejects.toMatchObject({ code: 'key-unknown' });
  await expect(press()).rejects.toMatchObject({ code: 'keys-missing' });
  await service.client.call('pauseMachine', { params });
  await expect(press('ctrl')).rejects.toMatchObject({ code: 'machine-state' });
  await expect(service.client.call('typeText', { params, body: { text: 'x' } })).rejects.toMatchObject({
    code: 'machine-state',
  });
  await service.client.call('resumeMachine', { params });
});

test('viewers share a clipboard', async () => {
  const { run } = await service.client.call('showMachine', { params });
  using one = await openViewer(run?.endpoints.display ?? '');
  using other = await openViewer(run?.endpoints.display ?? '');
  one.copy('from one: ü 🌱\n"second" line');
  expect(await other.pasted()).toBe('from one: ü 🌱\n"second" line');
  other.copy('and back');
  expect(await one.pasted()).toBe('and back');
});

const u32 = (...values: number[]): Buffer => {
  const bytes = Buffer.alloc(values.length * 4);
  for (const [index, value] of values.entries()) bytes.writeUInt32LE(value, index * 4);
  return bytes;
};

test('the guest shares the clipboard of its viewers, when it has the agent', async () => {
  const { run } = await service.client.call('showMachine', { params });
  using viewer = await openViewer(run?.endpoints.display ?? '');
  using console = await openConsole(service.paths, ref);
  // What the agent of a guest would say, over the port that is there for it: what it can do, that it has a text,
  // and the text, when it is asked.
  const message = (type: number, data: Buffer): string => {
    const whole = Buffer.concat([u32(1, type, 0, 0, data.length), data]);
    const chunk = Buffer.concat([u32(1, whole.length), whole]);
    return [...chunk].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('');
  };
  const [clipboard, announce, grab] = [4, 6, 7];
  const byDemandAndSelection = (1 << 5) | (1 << 6);
  const utf8 = 1;
  const text = 'from the guest';
  const lines = [
    'cd /sys/class/virtio-ports; for p in *; do grep -q spice $p/name && port=/dev/$p; done; echo port-$port',
    `exec 5<>$port; printf '${message(announce, u32(0, byDemandAndSelection))}' >&5`,
    `printf '${message(grab, u32(0, utf8))}' >&5`,
  ];
  await console.type(lines[0] as string, /port-\/dev\/vport/);
  for (const line of lines.slice(1)) await console.type(`${line}; echo $((12*7))`, /84/);
  const answer = message(clipboard, Buffer.concat([u32(0, utf8), Buffer.from(text)]));
  await console.type(`printf '${answer}' >&5; echo $((13*7))`, /91/);
  expect(await viewer.pasted()).toBe(text);
});
