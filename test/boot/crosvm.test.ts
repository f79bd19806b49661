// SPDX-License-Identifier: Apache-2.0
//
// The real crosvm, where there is one and KVM works: the life of a machine through the real service.
import { copyFile, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hostArchitecture } from '../../src/host/architecture.ts';
import { findBinary } from '../../src/host/binaries.ts';
import { processesMentioning } from '../../src/host/identity.ts';
import { probeKvm } from '../../src/vmm/lean.ts';
import { openConsole } from '../support/console.ts';
import { startService, type TestService } from '../support/service.ts';

const cache = join(import.meta.dirname, '../../node_modules/.cache/phyllome-tests/phyllome');
const name = 'a, "locked" guest 🌱';

/** Why nothing can be run here; empty when it can. */
async function obstacle(): Promise<string> {
  if (findBinary('crosvm') === null) return 'no crosvm here';
  const kvm = await probeKvm(hostArchitecture() ?? 'x86_64', cache);
  return kvm.usable ? '' : `no KVM here: ${kvm.explanation}`;
}
const reason = await obstacle();

describe.skipIf(reason !== '')(`crosvm${reason === '' ? '' : ` (not run: ${reason})`}`, () => {
  let service: TestService;
  // A program of our own, since it is replaced below.
  let programs: string;
  const path = process.env['PATH'];
  beforeAll(async () => {
    programs = await mkdtemp(join(tmpdir(), 'ph-programs-'));
    await copyFile(findBinary('crosvm') ?? '', join(programs, 'crosvm'));
    process.env['PATH'] = [programs, path].join(delimiter);
    service = await startService();
  });
  afterAll(async () => {
    process.env['PATH'] = path;
    await service[Symbol.asyncDispose]();
    await rm(programs, { recursive: true, force: true });
  });

  const show = () => service.client.call('showMachine', { params: { ref: name } });
  const plan = () => service.client.call('planMachine', { params: { ref: name } });
  const isReady = (event: { type: string }) => event.type === 'machine.ready';
  const isReset = (event: { type: string }) => event.type === 'machine.reset';
  const enters = (state: string) => (event: { type: string; state?: { name: string } }) =>
    event.type === 'machine.state' && event.state?.name === state;
  const startAndWait = async (): Promise<void> => {
    const events = await service.listen();
    await service.client.call('startMachine', { params: { ref: name } });
    await events.next(isReady);
    events.close();
  };
  /** Types into the guest what makes it end, and waits until the machine is in a state. */
  const end = async (command: string, state: string): Promise<void> => {
    const events = await service.listen();
    using serial = await openConsole(service.paths, name, 0);
    await serial.type(command, /./);
    await events.next(enters(state));
    events.close();
  };

  test('a machine for it starts, with a disk whose name needs quotes', async () => {
    await service.create(name, {
      vmm: 'crosvm',
      display: { type: 'none' },
      disks: [{ file: 'disks/da,ta [1].raw', format: 'raw', size: '64MiB', serial: 'data-1' }],
    });
    expect((await plan()).vmm).toBe('crosvm');
    await startAndWait();
    const { state, run } = await show();
    expect(state).toMatchObject({ name: 'running', ready: true });
    expect(run).toMatchObject({ vmm: 'crosvm', accelerator: 'kvm' });
    const running = (await readFile(`/proc/${run?.pid}/cmdline`, 'utf8')).split('\0').slice(0, -1);
    const { command } = (await plan()).process;
    expect(running).toEqual(command.slice(command.findIndex((word) => word.endsWith('/crosvm'))));
  });

  test('its devices are locked away, where this PC lets them', async () => {
    const made = await plan();
    const sandboxed = made.decisions.some(({ what }) => what === 'sandbox: on');
    const crosvms = processesMentioning(made.runDirectory).length - made.helpers.length;
    if (sandboxed) expect(crosvms).toBeGreaterThan(2);
    else expect(crosvms).toBe(1);
  });

  test('its console has the history, and takes what is typed', async () => {
    expect((await plan()).endpoints.serial).not.toBeNull();
    using serial = await openConsole(service.paths, name);
    await serial.expect(/phyllome-tiny: ready/);
    await serial.type('echo 6 times 7 is $((6*7))', /6 times 7 is 42/);
    await serial.type('cat /sys/block/vda/serial', /data-1/);
  });

  test('passt gives the guest an address', async () => {
    expect((await plan()).helpers.map((helper) => helper.name)).toEqual(['passt-0']);
    using serial = await openConsole(service.paths, name, 0);
    await serial.type(
      'until ip -4 addr show dev eth0 | grep "inet "; do sleep 1; done',
      /inet \d+\.\d+\.\d+\.\d+/,
    );
  });

  test('holds still when it is paused, also for the next service, and goes on', async () => {
    await service.client.call('pauseMachine', { params: { ref: name } });
    const { state, run } = await show();
    expect(state).toMatchObject({ name: 'paused' });
    await service.kill();
    await service.restart();
    expect(await show()).toMatchObject({ state: { name: 'paused' }, run: { pid: run?.pid } });
    await service.client.call('resumeMachine', { params: { ref: name } });
    using serial = await openConsole(service.paths, name, 0);
    await serial.type('echo back $((40+2))', /back 42/);
  });

  test('is still understood after its program was replaced', async () => {
    const binary = join(programs, 'crosvm');
    expect((await plan()).process.command).toContain(binary);
    await copyFile(binary, `${binary}.new`);
    await rename(`${binary}.new`, binary);
    await service.client.call('pauseMachine', { params: { ref: name } });
    await service.client.call('resumeMachine', { params: { ref: name } });
    expect((await show()).state).toMatchObject({ name: 'running' });
  });

  test('a guest that begins anew is started again, with its network', async () => {
    const { run } = await show();
    const events = await service.listen();
    using serial = await openConsole(service.paths, name, 0);
    await serial.type('reboot', /./);
    await events.next(isReset);
    await events.next(isReady);
    events.close();
    expect((await show()).run?.pid).not.toBe(run?.pid);
    using again = await openConsole(service.paths, name, 0);
    await again.type('echo anew $((40+2))', /anew 42/);
  });

  test('is stopped by its button, and leaves no process', async () => {
    await service.finish(
      service.client.call('stopMachine', {
        params: { ref: name },
        body: { force: false, timeoutSeconds: 60 },
      }),
    );
    expect(await show()).toMatchObject({ state: { name: 'stopped' }, run: null });
    expect(service.processes()).toEqual([]);
  });

  test('a guest that powers off is noticed', async () => {
    await startAndWait();
    await end('poweroff', 'stopped');
    expect(service.processes()).toEqual([]);
  });

  test('a guest that panics has crashed', async () => {
    await startAndWait();
    await end('panic', 'crashed');
    expect((await show()).state).toMatchObject({ reason: expect.stringContaining('panicked') });
    expect(service.processes()).toEqual([]);
  });

  test('its power is cut, and no locked away device is left', async () => {
    await startAndWait();
    await service.finish(
      service.client.call('stopMachine', {
        params: { ref: name },
        body: { force: true, timeoutSeconds: 60 },
      }),
    );
    expect((await show()).state).toMatchObject({ name: 'stopped' });
    expect(service.processes()).toEqual([]);
  });

  test('one that was killed has crashed, and its devices go with it', async () => {
    await startAndWait();
    const { run } = await show();
    const events = await service.listen();
    process.kill(run?.pid ?? 0, 'SIGKILL');
    await events.next(enters('crashed'));
    events.close();
    expect(service.processes()).toEqual([]);
  });
});
