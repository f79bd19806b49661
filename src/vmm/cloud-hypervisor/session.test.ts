// SPDX-License-Identifier: Apache-2.0
import { appendFile, readlink, rename, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Session, VmmEvent } from '../driver.ts';
import {
  startFakeCloudHypervisor,
  type FakeCloudHypervisor,
  type FakeOptions,
} from './fake-cloud-hypervisor.ts';
import { attach, readError } from './session.ts';
import { configOf, planOf, someId } from './testing.ts';

interface Talk extends AsyncDisposable {
  fake: FakeCloudHypervisor;
  session: Session;
  events: VmmEvent[];
  log: string;
  /** As another service would */
  attachAgain(): Promise<{ session: Session; events: VmmEvent[] }>;
}

const everything = {
  boot: { type: 'uefi' },
  tpm: 'emulated',
  vsock: { cid: 3 },
  disks: [{ file: 'a.raw', format: 'raw' }],
  nics: [{ type: 'user' }],
  shares: [{ tag: 't', path: '/t' }],
};

async function talk(options: FakeOptions = {}, draft: object = everything): Promise<Talk> {
  const fake = await startFakeCloudHypervisor(options);
  const plan = planOf(draft);
  const log = join(fake.run, 'serial.log');
  await writeFile(log, '');
  const run = {
    machine: plan.machine,
    process: { ...plan.process, log: fake.log },
    requests: plan.requests ?? [],
    serialLog: plan.serialLog === null ? null : log,
    endpoints: { ...plan.endpoints, control: fake.control },
  };
  const opened: Session[] = [];
  const attachAgain = async () => {
    const events: VmmEvent[] = [];
    const session = await attach(run, (event) => events.push(event), AbortSignal.timeout(5000));
    opened.push(session);
    return { session, events };
  };
  const close = async (): Promise<void> => {
    for (const session of opened) session.close();
    await fake[Symbol.asyncDispose]();
  };
  try {
    const { session, events } = await attachAgain();
    return {
      fake,
      session,
      events,
      log,
      attachAgain,
      [Symbol.asyncDispose]: async () => {
        await close();
        expect(fake.mistakes).toEqual([]);
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

describe.each(['52.0', '53.0'] as const)('version %s', (version) => {
  test('a new one is told its machine, and boots when it is let go', async () => {
    await using machine = await talk({ version });
    const { fake, session, events } = machine;
    expect(fake.calls).toEqual(['PUT /vm.create']);
    expect(await session.state()).toBe('prelaunch');
    expect(await session.identity()).toBe(someId);
    await session.resume();
    expect(fake.calls).toEqual(['PUT /vm.create', 'PUT /vm.boot']);
    expect(await session.state()).toBe('running');
    expect(events).toEqual([]);
  });

  test('one that has a guest is taken over as it is', async () => {
    await using machine = await talk({ version });
    await machine.session.resume();
    await machine.session.pause?.();
    const { session, events } = await machine.attachAgain();
    expect(await session.state()).toBe('paused');
    expect(await session.identity()).toBe(someId);
    await session.resume();
    expect(machine.fake.calls.slice(2)).toEqual(['PUT /vm.pause', 'PUT /vm.resume']);
    // What happened before is not told again.
    await expect.poll(() => events).toEqual([{ type: 'resumed' }]);
  });
});

test('every verb is a call of the API, and events tell what came of it', async () => {
  await using machine = await talk();
  const { fake, session, events } = machine;
  await session.resume();
  await session.pause?.();
  await session.resume();
  await session.powerButton?.();
  await session.reset?.();
  fake.emit('guest', 'panic', { event: 'panic' });
  await session.quit?.();
  const verbs = ['create', 'boot', 'pause', 'resume', 'power-button', 'reboot'].map(
    (verb) => `PUT /vm.${verb}`,
  );
  expect(fake.calls).toEqual([...verbs, 'PUT /vmm.shutdown']);
  const types = ['paused', 'resumed', 'reset', 'panicked', 'shut-down'];
  await expect.poll(() => events.map(({ type }) => type)).toEqual(types);
});

test('a guest in a loop is heard each time', async () => {
  await using machine = await talk();
  await machine.session.resume();
  for (let round = 0; round < 20; round += 1) {
    machine.fake.reboot();
    machine.fake.warn();
  }
  await expect.poll(() => machine.events.map(({ type }) => type)).toEqual(Array(20).fill('reset'));
});

test('half an event waits for its other half', async () => {
  await using machine = await talk();
  await machine.session.resume();
  const value = { timestamp: { secs: 0, nanos: 0 }, source: 'vm', event: 'paused', properties: null };
  const event = JSON.stringify(value, null, 2);
  await appendFile(machine.fake.log, event.slice(0, 60));
  await appendFile(machine.fake.log, `${event.slice(60)}\n\n`);
  await expect.poll(() => machine.events).toEqual([{ type: 'paused' }]);
});

describe('the serial port', () => {
  const offered = (fake: FakeCloudHypervisor): Promise<string | null> =>
    readlink(join(fake.run, 'terminal')).catch(() => null);

  test('its terminal is left for the helper, after each boot another one', async () => {
    await using machine = await talk();
    const { fake, session } = machine;
    expect(await offered(fake)).toBeNull();
    await session.resume();
    expect(await offered(fake)).toBe('/dev/pts/1000');
    // The helper takes it.
    await rename(join(fake.run, 'terminal'), join(fake.run, 'terminal.open'));
    await machine.attachAgain();
    expect(await offered(fake)).toBeNull();
    fake.reboot();
    await expect.poll(() => offered(fake)).toBe(fake.terminal);
    expect(fake.terminal).not.toBe('/dev/pts/1000');
  });

  test('a service that was away while the guest began anew leaves the new one', async () => {
    await using machine = await talk();
    const { fake, session } = machine;
    await session.resume();
    session.close();
    fake.reboot();
    await symlink('/dev/pts/1000', join(fake.run, 'terminal.open'));
    await machine.attachAgain();
    expect(await offered(fake)).toBe(fake.terminal);
  });

  test('is where the guest says that it is up', async () => {
    await using machine = await talk();
    await machine.session.resume();
    expect(await machine.session.agentConnected()).toBe(false);
    await appendFile(machine.log, 'debian login: ');
    await expect.poll(() => machine.events).toEqual([{ type: 'up' }]);
    expect(await machine.session.agentConnected()).toBe(true);
    machine.fake.reboot();
    await expect.poll(() => machine.session.agentConnected()).toBe(false);
  });

  test('a machine without one has no terminal to leave', async () => {
    await using machine = await talk({}, { serialPorts: 0 });
    await machine.session.resume();
    expect(await offered(machine.fake)).toBeNull();
  });
});

test('what goes to and from the disks is counted', async () => {
  const counters = {
    disk0: { read_bytes: 10, write_bytes: 20, read_ops: 1, write_ops: 2 },
    removable0: { read_bytes: 30, write_bytes: 0 },
    nic0: { rx_bytes: 1 },
  };
  await using machine = await talk({ counters });
  expect(await machine.session.counters?.disks()).toEqual([
    { id: 'disk0', in: 10, out: 20 },
    { id: 'removable0', in: 30, out: 0 },
  ]);
  expect(await machine.session.counters?.network()).toEqual([]);
});

describe('bad days', () => {
  test('500 for everything is told with every cause', async () => {
    const causes = ['Error from API', 'The VM could not boot', 'No such file or directory (os error 2)'];
    await using machine = await talk({ instead: { 'PUT /vm.boot': { status: 500, causes } } });
    await expect(machine.session.resume()).rejects.toMatchObject({
      code: 'vmm-refused',
      message: expect.stringContaining(causes.join(': ')) as string,
    });
    await expect(talk({ instead: { '*': { status: 500, causes } } })).rejects.toMatchObject({
      code: 'vmm-refused',
    });
  });

  test('half an answer is no answer', async () => {
    await using machine = await talk({ instead: { 'GET /vm.counters': 'half' } });
    await expect(machine.session.counters?.disks()).rejects.toMatchObject({ code: 'vmm-gone' });
    // And the next question is answered.
    expect(await machine.session.state()).toBe('prelaunch');
  });

  test('one that vanishes is gone, and has quit when that was asked for', async () => {
    await using machine = await talk();
    await machine.session.resume();
    await machine.fake.vanish();
    await expect(machine.session.state()).rejects.toMatchObject({ code: 'vmm-gone' });
    await expect(machine.session.quit?.()).resolves.toBeUndefined();
  });

  test('nobody there is waited for until there is no more time', async () => {
    const plan = planOf({});
    const endpoints = { ...plan.endpoints, control: '/nowhere/control' };
    const attaching = attach({ ...plan, endpoints }, () => {}, AbortSignal.timeout(50));
    await expect(attaching).rejects.toMatchObject({ code: 'vmm-gone' });
  });

  test('errors are lists of causes, or whatever else was said', () => {
    expect(readError('["a","b"]')).toBe('a: b');
    expect(readError('{ "error": "x" }\n')).toBe('{ "error": "x" }');
    expect(readError('')).toBe('');
  });
});

test('the body of vm.create is what the plan says', async () => {
  await using machine = await talk();
  expect(machine.fake.state).toBe('Created');
  expect(configOf(planOf(everything))).toMatchObject({ platform: { uuid: someId } });
});
