// SPDX-License-Identifier: Apache-2.0
//
// The verbs and events of a session, against the real QEMU. Its BIOS is guest enough for most of them.
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { connect } from 'node:net';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { PhyllomeError } from '../../src/contract/errors.ts';
import { startProcess } from '../../src/engine/supervisor.ts';
import { createQemuDriver } from '../../src/vmm/qemu/index.ts';
import { lockConflictExitCode } from '../../src/vmm/driver.ts';
import { openSerialPort } from '../support/serial-port.ts';
import { launch } from './qemu-launch.ts';

test('the life of a machine', async () => {
  await using machine = await launch({});
  const { session, events, paths } = machine;
  await session.resume();
  expect(await session.state()).toBe('running');
  await session.pause();
  expect(await session.state()).toBe('paused');
  await session.resume();
  await session.reset();
  await machine.event('reset');
  await session.powerButton();
  expect(await session.agentConnected()).toBe(false);

  const picture = join(paths.logs, 'a,b.png');
  await session.screenshot(picture);
  const png = await readFile(picture);
  expect(png.subarray(0, 8)).toEqual(Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]));
  expect((await stat(picture)).size).toBeGreaterThan(500);

  await session.quit();
  expect(await machine.ended).toEqual({ code: 0, signal: null });
  await machine.event('closed');
  expect(events.map(({ type }) => type)).toEqual([
    'resumed',
    'paused',
    'resumed',
    'reset',
    'shut-down',
    'closed',
  ]);
  await expect(session.state()).rejects.toMatchObject({ code: 'vmm-gone' });
});

test('another service takes over after the first has gone', async () => {
  await using machine = await launch({});
  await machine.session.resume();
  machine.session.close();
  const driver = createQemuDriver({ cacheDirectory: '/nonexistent', runtimeDirectory: '/nonexistent' });
  const second = await driver.attach(machine.plan, () => {}, new AbortController().signal);
  expect(await second.state()).toBe('running');
  expect(await second.identity()).toBe(machine.definition.id);
  second.close();
});

test('a second service that connects meanwhile is not kept waiting for ever', async () => {
  await using machine = await launch({});
  const driver = createQemuDriver({ cacheDirectory: '/nonexistent', runtimeDirectory: '/nonexistent' });
  const giveUp = new AbortController();
  const attempt = driver.attach(machine.plan, () => {}, giveUp.signal);
  expect(await machine.session.state()).toBe('prelaunch');
  giveUp.abort();
  await expect(attempt).rejects.toMatchObject({ code: 'vmm-gone' });
});

test('nobody can run a machine that runs', async () => {
  await using machine = await launch({});
  const again = await startProcess(machine.plan, machine.plan.process);
  expect(await again.ended).toEqual({ code: lockConflictExitCode, signal: null });
  // The living one was not disturbed: its sockets are still its own.
  expect(await machine.session.state()).toBe('prelaunch');
});

test('a VMM that is killed', async () => {
  await using machine = await launch({});
  process.kill(machine.pid, 'SIGKILL');
  expect(await machine.ended).toEqual({ code: null, signal: 'SIGKILL' });
  await machine.event('closed');
  await expect(machine.session.resume()).rejects.toBeInstanceOf(PhyllomeError);
});

test('what a guest writes to the serial port is in the log', async () => {
  await using machine = await launch({ boot: { type: 'uefi' }, display: { type: 'none' } });
  const { session, plan } = machine;
  using port = await openSerialPort(plan);
  await session.resume();
  // The firmware clears the terminal and says what it starts.
  await port.until(/BdsDxe: /);
  expect(await machine.session.state()).toBe('running');
});

test('Secure Boot refuses what nobody signed', async () => {
  // The firmware's own shell is the only thing to boot, and it has no signature.
  await using machine = await launch({
    boot: { type: 'uefi', secureBoot: true },
    tpm: 'emulated',
    memory: '256MiB',
  });
  using port = await openSerialPort(machine.plan);
  await machine.session.resume();
  // Newer firmware (seen: 2025.02) comes without a shell where Secure Boot is on, and then has nothing to start.
  await port.until(/BdsDxe: (failed to start .*: Security Violation|No bootable option or device was found)/);
  expect(await machine.session.state()).toBe('running');
});

test('the display socket speaks RFB', async () => {
  await using machine = await launch({});
  const viewers = [1, 2].map(() => connect(machine.plan.endpoints.display as string));
  for (const viewer of viewers) {
    const [hello] = (await once(viewer, 'data')) as [Buffer];
    expect(hello.toString('latin1')).toMatch(/^RFB 003\.\d{3}\n/);
    viewer.destroy();
  }
});
