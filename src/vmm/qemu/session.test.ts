// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import type { VmmEvent } from '../driver.ts';
import { Refusal, startFakeQemu, type FakeQemu } from './fake-qemu.ts';
import { attach } from './session.ts';

const never = () => new AbortController().signal;
const plainCommands = ['cont', 'stop', 'system_powerdown', 'system_reset', 'screendump', 'quit'];
const running = { 'query-status': { status: 'running' } };

function attachTo(
  qemu: Pick<FakeQemu, 'socket'>,
  onEvent: (event: VmmEvent) => void = () => {},
  signal = never(),
) {
  const endpoints = { control: qemu.socket, serial: null, display: null, agent: null };
  return attach({ machine: { id: '', name: 'tiny' }, endpoints }, onEvent, signal);
}

test('each verb is one command', async () => {
  await using qemu = await startFakeQemu({
    ...running,
    ...Object.fromEntries(plainCommands.map((command) => [command, {}])),
    'query-target': { arch: 'x86_64' },
    'query-uuid': { UUID: 'the-id' },
    'query-chardev': [
      { label: 'serial', 'frontend-open': true },
      { label: 'agent', 'frontend-open': true },
    ],
  });
  const session = await attachTo(qemu);
  qemu.commands.length = 0;
  await session.resume();
  await session.pause();
  await session.powerButton();
  await session.reset();
  await session.screenshot('/a,b.png');
  await session.quit();
  expect(await session.identity()).toBe('the-id');
  expect(await session.state()).toBe('running');
  expect(await session.agentConnected()).toBe(true);
  const commands = qemu.commands.filter(({ execute }) => execute !== 'query-target');
  expect(commands.map(({ execute }) => execute)).toEqual([
    ...plainCommands,
    'query-uuid',
    'query-status',
    'query-chardev',
  ]);
  expect(commands[4]?.arguments).toEqual({ filename: '/a,b.png', format: 'png' });
});

test('cables are pulled before a guest is let go, and only then', async () => {
  const devices = ['nic0', 'loose-nic1', 'loose-nic12'].map((name) => ({
    name,
    type: 'child<virtio-net-pci>',
  }));
  const answers = { 'qom-list': devices, set_link: {} };
  await using fresh = await startFakeQemu({ ...answers, 'query-status': { status: 'prelaunch' } });
  await attachTo(fresh);
  const links = fresh.commands
    .filter(({ execute }) => execute === 'set_link')
    .map((command) => command.arguments);
  expect(links).toEqual([
    { name: 'loose-nic1', up: false },
    { name: 'loose-nic12', up: false },
  ]);
  // Later the cable may be in on purpose.
  await using old = await startFakeQemu({ ...answers, ...running });
  await attachTo(old);
  expect(old.commands.map(({ execute }) => execute)).toEqual(['query-status']);
});

test('quit succeeds when QEMU is gone before it could answer', async () => {
  await using qemu = await startFakeQemu({ ...running, quit: () => qemu.hangUp() });
  const session = await attachTo(qemu);
  await expect(session.quit()).resolves.toBeUndefined();
});

test('a refused quit is an error', async () => {
  await using qemu = await startFakeQemu({ ...running, quit: new Refusal('no') });
  const session = await attachTo(qemu);
  await expect(session.quit()).rejects.toMatchObject({ code: 'vmm-refused' });
});

test('the end of the channel is told once, after all else', async () => {
  await using qemu = await startFakeQemu(running);
  const events: VmmEvent[] = [];
  const { promise, resolve } = Promise.withResolvers<void>();
  await attachTo(qemu, (event) => {
    events.push(event);
    if (event.type === 'closed') resolve();
  });
  qemu.send({ event: 'SHUTDOWN', data: { guest: true, reason: 'guest-shutdown' } });
  qemu.send({ event: 'VSERPORT_CHANGE', data: { id: 'agent', open: false } });
  await new Promise((sent) => setImmediate(sent));
  qemu.hangUp();
  await promise;
  expect(events.at(-1)).toEqual({ type: 'closed' });
  expect(events.filter(({ type }) => type === 'closed')).toHaveLength(1);
});

test('it waits for the socket to appear, until it is told to stop', async () => {
  const giveUp = new AbortController();
  const attempt = attachTo({ socket: '/nonexistent/control' }, () => {}, giveUp.signal);
  giveUp.abort();
  await expect(attempt).rejects.toMatchObject({ code: 'vmm-gone' });
});

test('an odd answer is no crash', async () => {
  await using qemu = await startFakeQemu({ 'query-status': [], 'query-chardev': 'x', 'query-uuid': null });
  const session = await attachTo(qemu);
  expect(await session.state()).toBe('paused');
  expect(await session.agentConnected()).toBe(false);
  expect(await session.identity()).toBe('undefined');
});
