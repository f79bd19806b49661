// SPDX-License-Identifier: Apache-2.0
import { appendFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { connect, type Socket } from 'node:net';
import { expect, test } from 'vitest';
import type { Session, VmmEvent } from '../driver.ts';
import { createRestApi } from '../rest-api.ts';
import { startFakeFirecracker, type FakeFirecracker, type FakeOptions } from './fake-firecracker.ts';
import { attach, readError } from './session.ts';
import { planOf, someId } from './testing.ts';

interface Talk extends AsyncDisposable {
  fake: FakeFirecracker;
  session: Session;
  events: VmmEvent[];
  /** What the VMM does: another number each time, until it sleeps */
  process: { asleep: boolean };
  /** As another service would */
  attachAgain(): Promise<Session>;
}

const everything = {
  vsock: { cid: 3 },
  disks: [
    { file: 'a.raw', format: 'raw' },
    { file: 'b.raw', format: 'raw', readOnly: true, cache: 'unsafe' },
  ],
  removable: [{ type: 'cdrom', file: '/isos/seed.iso' }],
  nics: [{ type: 'user' }],
};

async function talk(options: FakeOptions = {}, architecture = 'x86_64', before = ''): Promise<Talk> {
  const fake = await startFakeFirecracker(options);
  await appendFile(fake.serialLog, before);
  const plan = planOf(everything);
  const run = {
    ...plan,
    serialLog: fake.serialLog,
    endpoints: { ...plan.endpoints, control: fake.control },
  };
  const events: VmmEvent[] = [];
  const process = { asleep: false };
  let looks = 0;
  const activity = () => (process.asleep ? 7 : (looks += 1));
  const opened: Session[] = [];
  const attachAgain = async () => {
    const signal = AbortSignal.timeout(5000);
    const session = await attach(run, (event) => events.push(event), signal, {
      architecture,
      activity,
      patience: 1,
    });
    opened.push(session);
    return session;
  };
  const close = async (): Promise<void> => {
    for (const session of opened) session.close();
    await fake[Symbol.asyncDispose]();
  };
  try {
    const session = await attachAgain();
    const dispose = async (): Promise<void> => {
      await close();
      expect(fake.mistakes).toEqual([]);
    };
    return { fake, session, events, process, attachAgain, [Symbol.asyncDispose]: dispose };
  } catch (error) {
    await close();
    throw error;
  }
}

test('a new one is told its machine in this order, and starts when it is let go', async () => {
  await using machine = await talk();
  const { fake, session } = machine;
  expect(fake.calls).toEqual([
    'PUT /machine-config',
    'PUT /boot-source',
    'PUT /drives/disk0',
    'PUT /drives/disk1',
    'PUT /drives/removable0',
    'PUT /network-interfaces/nic0',
    'PUT /vsock',
    'PUT /entropy',
    'PUT /balloon',
  ]);
  expect(await session.state()).toBe('prelaunch');
  expect(await session.identity()).toBe(someId);
  await session.resume();
  expect(fake.calls.at(-1)).toBe('PUT /actions InstanceStart');
  expect(await session.state()).toBe('running');
});

test('each verb is one request; what it cannot do is left out', async () => {
  await using machine = await talk();
  const { fake, session } = machine;
  await session.resume();
  fake.calls.length = 0;
  await session.pause?.();
  expect(await session.state()).toBe('paused');
  await session.resume();
  await session.powerButton?.();
  expect(fake.calls).toEqual(['PATCH /vm', 'PATCH /vm', 'PUT /actions SendCtrlAltDel']);
  expect(session).not.toHaveProperty('reset');
  expect(session).not.toHaveProperty('quit');
  expect(session).not.toHaveProperty('screenshot');
});

test('there is no power button on ARM', async () => {
  await using machine = await talk({}, 'aarch64');
  expect(machine.session).not.toHaveProperty('powerButton');
});

test('the next service tells a running one nothing', async () => {
  await using machine = await talk();
  await machine.session.resume();
  await appendFile(machine.fake.serialLog, 'phyllome-tiny: ready\r\n');
  machine.fake.calls.length = 0;
  const session = await machine.attachAgain();
  expect(machine.fake.calls).toEqual([]);
  expect(await session.state()).toBe('running');
  expect(await session.agentConnected()).toBe(true);
});

test('its serial port says when the guest is up, and when it has powered off', async () => {
  await using machine = await talk();
  const { fake, session, events, process } = machine;
  await session.resume();
  await appendFile(fake.serialLog, '\r\ndebian login: ');
  await expect.poll(() => events).toContainEqual({ type: 'up' });
  await appendFile(fake.serialLog, 'root\r\n[   12.345678] reboot: System halted\r\n');
  process.asleep = true;
  await expect.poll(() => events).toContainEqual({ type: 'shut-down' });
  expect(await session.state()).toBe('shut-down');
  // A later service finds it so, too.
  const later = await machine.attachAgain();
  await expect.poll(() => later.state()).toBe('shut-down');
});

test('what the guest before it said is not taken for its own', async () => {
  const before = 'debian login: root\r\n[    9.876543] reboot: System halted\r\n';
  await using machine = await talk({}, 'x86_64', before);
  machine.process.asleep = true;
  expect(await machine.session.agentConnected()).toBe(false);
  await machine.session.resume();
  await appendFile(machine.fake.serialLog, 'debian login: ');
  await expect.poll(() => machine.events).toEqual([{ type: 'up' }]);
  expect(await machine.session.state()).toBe('running');
});

test('a refusal has the words of the VMM', async () => {
  const words = 'Invalid vCPU count';
  await expect(talk({ instead: { 'PUT /machine-config': { fault: words } } })).rejects.toMatchObject({
    code: 'vmm-refused',
    facts: { reason: words },
  });
  await expect(talk({ instead: { '*': { status: 500 } } })).rejects.toMatchObject({ code: 'vmm-refused' });
});

test('half an answer and another program at the socket are errors, not crashes', async () => {
  await using machine = await talk({ instead: { 'PATCH /vm': 'half' } });
  await machine.session.resume();
  await expect(machine.session.pause?.()).rejects.toMatchObject({ code: 'vmm-gone' });
  machine.fake.state = 'On fire' as 'Running';
  await expect(machine.session.state()).rejects.toMatchObject({ code: 'vmm-gone' });
});

test('one that is killed in the middle of a call is gone', async () => {
  await using machine = await talk({ instead: { 'PATCH /vm': 'hang' } });
  await machine.session.resume();
  const pausing = machine.session.pause?.();
  await expect.poll(() => machine.fake.calls.at(-1)).toBe('PATCH /vm');
  await machine.fake.vanish();
  await expect(pausing).rejects.toMatchObject({ code: 'vmm-gone' });
});

test('a full server is asked again until it has a place', async () => {
  await using fake = await startFakeFirecracker();
  const others = await Promise.all(
    Array.from({ length: 10 }, () => {
      const socket = connect(fake.control);
      return new Promise<Socket>((resolve) => socket.once('connect', () => resolve(socket)));
    }),
  );
  const plan = planOf({});
  const run = { ...plan, serialLog: null, endpoints: { ...plan.endpoints, control: fake.control } };
  const attaching = attach(run, () => {}, AbortSignal.timeout(5000), { architecture: 'x86_64' });
  await expect.poll(() => fake.turnedAway).toBeGreaterThan(0);
  for (const socket of others) socket.destroy();
  (await attaching).close();
  expect(fake.mistakes).toEqual([]);
});

test('the fake is as strict as the real one', async () => {
  await using fake = await startFakeFirecracker();
  await expect(startFakeFirecracker({ directory: dirname(fake.control) })).rejects.toThrow('Address in use');
  const api = createRestApi({ name: 'x', socket: fake.control, readError });
  const start = { action_type: 'InstanceStart' };
  await expect(api.call('PUT', '/actions', start)).rejects.toThrow('without kernel configuration');
  await expect(api.call('PATCH', '/vm', { state: 'Paused' })).rejects.toThrow('before starting');
  await api.call('PUT', '/boot-source', { kernel_image_path: '/k' });
  await api.call('PUT', '/actions', start);
  await expect(api.call('PUT', '/actions', start)).rejects.toThrow('after starting');
  await expect(api.call('PUT', '/vsock', { guest_cid: 3, uds_path: '/v' })).rejects.toThrow('after starting');
  await expect(api.call('PUT', '/vsock', { guest_cid: 1, uds_path: '/v' })).rejects.toThrow('guest_cid');
  await expect(api.call('PUT', '/vsock', { guest_cid: 3 })).rejects.toThrow('uds_path');
  api.close();
});

test.for([
  ['{"fault_message": "no"}', 'no'],
  ['{ "error": "Too many" }', '{ "error": "Too many" }'],
  ['<html>', '<html>'],
  ['', ''],
])('the words of %s', ([body, words]) => expect(readError(body ?? '')).toBe(words));
