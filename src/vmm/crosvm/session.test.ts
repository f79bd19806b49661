// SPDX-License-Identifier: Apache-2.0
//
// The driver against a crosvm that only plays, started from a real plan as the service starts it.
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createControl } from './control.ts';
import { attach } from './session.ts';
import { fakePc, machineId } from './testing.ts';
import { startFake, startUnattached } from './testing-launch.ts';

test('it waits to be let go, and goes on where it was paused', async () => {
  await using machine = await startFake();
  const { session, events } = machine;
  expect(await session.identity()).toBe(machineId);
  expect(await session.state()).toBe('prelaunch');
  expect(await machine.serial()).toBe('');

  await session.resume();
  expect(await session.state()).toBe('running');
  expect(await machine.serial()).toBe('Linux version 0\n');
  expect(events).toEqual([]);

  await session.pause();
  expect(await session.state()).toBe('paused');
  await session.resume();
  expect(await session.state()).toBe('running');
  expect(events).toEqual([{ type: 'paused' }, { type: 'resumed' }]);
});

test('the guest says on its serial port that it is up, and only the one that runs counts', async () => {
  await using machine = await startFake({ serialBefore: 'debian login: ' });
  await machine.session.resume();
  expect(await machine.session.agentConnected()).toBe(false);
  await machine.guest('login');
  await expect.poll(() => machine.events).toContainEqual({ type: 'up' });
  expect(await machine.session.agentConnected()).toBe(true);
});

test('a later service finds it as it was left', async () => {
  await using machine = await startFake();
  await machine.session.resume();
  await machine.session.pause();
  machine.session.close();
  const again = await attach(machine.plan, () => {}, AbortSignal.timeout(5000));
  expect(await again.state()).toBe('paused');
  expect(await again.identity()).toBe(machineId);
  again.close();
});

test.for([
  ['poweroff', 0, 'exiting with success'],
  ['reboot', 32, 'exiting with reset'],
  ['panic', 34, 'exiting with guest panic'],
] as const)('its code and its last words agree: %s', async ([what, code, words]) => {
  await using machine = await startFake();
  await machine.session.resume();
  await machine.guest(what);
  expect(await machine.ended).toEqual({ code, signal: null });
  expect(await machine.log()).toMatch(new RegExp(`\\] ${words}\\n$`));
});

test('power button and end', async () => {
  await using first = await startFake();
  await first.session.resume();
  await first.session.powerButton();
  expect(await first.ended).toEqual({ code: 0, signal: null });

  await using second = await startFake();
  await second.session.quit();
  expect(await second.ended).toEqual({ code: 0, signal: null });
  // Gone already: what was asked for is the case.
  await second.session.quit();
});

test('a verb that is refused says so in the words of crosvm', async () => {
  await using machine = await startFake();
  const control = createControl({
    name: 'trial',
    socket: machine.plan.endpoints.control,
    speaker: async () => machine.binary,
  });
  await expect(control.call(['vfio'])).rejects.toMatchObject({
    code: 'vmm-refused',
    message: expect.stringMatching(/"crosvm vfio": unexpected response: .*not supported/),
  });
  await expect(control.call(['dance'])).rejects.toMatchObject({
    code: 'vmm-refused',
    message: expect.stringContaining('Unrecognized argument: dance'),
  });
  // One refusal does not stop the next question.
  await expect(control.call(['battery', 'goldfish', 'status', 'unknown'])).resolves.toContain('No battery');
});

test('a crosvm that hangs is waited for no longer than it says', async () => {
  await using machine = await startFake();
  const control = createControl({
    name: 'trial',
    socket: machine.plan.endpoints.control,
    speaker: async () => machine.binary,
  });
  await machine.guest('hang');
  await expect(control.call(['suspend'], { milliseconds: 300 })).rejects.toMatchObject({
    code: 'vmm-no-answer',
    message: expect.stringContaining('"crosvm suspend" within 0.3 seconds'),
  });
  const waiting = control.call(['suspend']);
  const waitingForItsTurn = control.call(['resume']);
  control.close();
  await expect(waiting).rejects.toMatchObject({ code: 'vmm-gone' });
  await expect(waitingForItsTurn).rejects.toMatchObject({ code: 'vmm-gone' });
});

test('a socket that vanished, a process that was killed', async () => {
  await using machine = await startFake();
  await machine.session.resume();
  await rm(machine.plan.endpoints.control);
  await expect(machine.session.pause()).rejects.toMatchObject({ code: 'vmm-gone' });
  expect(machine.events).toEqual([]);

  await using killed = await startFake();
  await killed.session.resume();
  await killed.kill();
  await expect(killed.session.state()).rejects.toMatchObject({
    code: 'vmm-gone',
    message: expect.stringContaining('its process ended'),
  });
});

test('a crosvm that does not start is not waited for for ever', async () => {
  await using pc = await fakePc();
  const control = join(pc.paths.run, 'control');
  const endpoints = { control, serial: null, display: null, agent: null };
  const process = { name: 'crosvm', command: [pc.binary, '--extended-status'], log: '', ready: null };
  const machine = { id: machineId, name: 'trial' };
  const attempt = () => attach({ machine, endpoints, process }, () => {}, AbortSignal.timeout(200));
  await expect(attempt()).rejects.toMatchObject({ code: 'vmm-gone' });
  // Nor one that left its socket.
  await writeFile(control, '');
  await expect(attempt()).rejects.toMatchObject({ code: 'vmm-gone' });
});

test('a start fails in the words of crosvm where something is in the way', async () => {
  await using pc = await fakePc();
  await writeFile(join(pc.paths.run, 'control'), '');
  const { ended, log } = await startUnattached(pc);
  expect(await ended).toEqual({ code: 1, signal: null });
  expect(await readFile(log, 'utf8')).toContain('Address already in use');
});
