// SPDX-License-Identifier: Apache-2.0
//
// The real Cloud Hypervisor, where there is one and KVM works: the life of a machine through the real service.
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openConsole } from '../support/console.ts';
import { startService, type TestService } from '../support/service.ts';
import { hostArchitecture } from '../../src/host/architecture.ts';
import { findBinary } from '../../src/host/binaries.ts';
import { probeKvm } from '../../src/vmm/lean.ts';
import { join } from 'node:path';

const cache = join(import.meta.dirname, '../../node_modules/.cache/phyllome-tests/phyllome');
const name = 'a, "lean" guest 🌱';

/** Why nothing can be run here; empty when it can. */
async function obstacle(): Promise<string> {
  if (findBinary('cloud-hypervisor') === null) return 'no cloud-hypervisor here';
  const kvm = await probeKvm(hostArchitecture() ?? 'x86_64', cache);
  return kvm.usable ? '' : `no KVM here: ${kvm.explanation}`;
}
const reason = await obstacle();

describe.skipIf(reason !== '')(`Cloud Hypervisor${reason === '' ? '' : ` (not run: ${reason})`}`, () => {
  let service: TestService;
  beforeAll(async () => {
    service = await startService();
  });
  afterAll(() => service[Symbol.asyncDispose]());

  const show = () => service.client.call('showMachine', { params: { ref: name } });
  const isReady = (event: { type: string }) => event.type === 'machine.ready';
  const startAndWait = async (): Promise<void> => {
    const events = await service.listen();
    await service.client.call('startMachine', { params: { ref: name } });
    await events.next(isReady);
    events.close();
  };

  test('a machine for it is made and starts, sandboxed, with a disk, a card and a TPM where they can be had', async () => {
    await service.create(name, {
      vmm: 'cloud-hypervisor',
      display: { type: 'none' },
      ...(findBinary('swtpm') !== null && { tpm: 'emulated' }),
      vsock: { cid: 7 },
    });
    const plan = await service.client.call('planMachine', { params: { ref: name } });
    expect(plan.vmm).toBe('cloud-hypervisor');
    await startAndWait();
    const { state, run } = await show();
    expect(state).toMatchObject({ name: 'running', ready: true });
    expect(run).toMatchObject({ vmm: 'cloud-hypervisor', accelerator: 'kvm' });
    const running = (await readFile(`/proc/${run?.pid}/cmdline`, 'utf8')).split('\0').slice(0, -1);
    const binary = plan.process.command.findIndex((word) => word.endsWith('cloud-hypervisor'));
    expect(running).toEqual(plan.process.command.slice(binary));
  });

  test('its console has the history, and takes what is typed', async () => {
    using serial = await openConsole(service.paths, name);
    await serial.expect(/Linux version [^]*phyllome-tiny: ready/);
    await serial.type('echo 6 times 7 is $((6*7))', /6 times 7 is 42/);
    expect(serial.text()).toContain('phyllome-tiny: ready');
  });

  test('the network reaches the guest', async () => {
    using serial = await openConsole(service.paths, name, 0);
    await serial.type(
      'until ip -4 addr show dev eth0 | grep "inet "; do sleep 1; done',
      /inet \d+\.\d+\.\d+\.\d+/,
    );
    expect(serial.text()).toMatch(/inet \d+/);
  });

  test('holds still when it is paused, and goes on', async () => {
    await service.client.call('pauseMachine', { params: { ref: name } });
    expect((await show()).state).toMatchObject({ name: 'paused' });
    await service.client.call('resumeMachine', { params: { ref: name } });
    using serial = await openConsole(service.paths, name, 0);
    await serial.type('echo back $((40+2))', /back 42/);
  });

  test('begins anew, with its console, its card and its TPM', async () => {
    const { run } = await show();
    const events = await service.listen();
    await service.client.call('resetMachine', { params: { ref: name } });
    await events.next(({ type }) => type === 'machine.reset');
    await events.next(isReady);
    using serial = await openConsole(service.paths, name, 0);
    await serial.type('echo anew $((40+2))', /anew 42/);
    // By itself, too.
    await serial.type('reboot', /./);
    await events.next(({ type }) => type === 'machine.reset');
    await events.next(isReady);
    events.close();
    await serial.type('echo again $((40+2))', /again 42/);
    expect((await show()).run?.pid).toBe(run?.pid);
  });

  test('outlives the service, and is taken over by the next one', async () => {
    const { run } = await show();
    await service.kill();
    await service.restart();
    expect(await show()).toMatchObject({ state: { name: 'running', ready: true }, run: { pid: run?.pid } });
    using serial = await openConsole(service.paths, name);
    await serial.type('echo still $((40+2))', /still 42/);
  });

  test('powers off by its button, and leaves no process', async () => {
    await service.finish(
      service.client.call('stopMachine', {
        params: { ref: name },
        body: { force: false, timeoutSeconds: 60 },
      }),
    );
    expect(await show()).toMatchObject({ state: { name: 'stopped' }, run: null });
    expect(service.processes()).toEqual([]);
  });

  test('tells when its guest powers off by itself, also while no service is there', async () => {
    await startAndWait();
    const events = await service.listen();
    using serial = await openConsole(service.paths, name);
    await serial.type('poweroff', /./);
    await events.next((event) => event.type === 'machine.state' && event.state.name === 'stopped');
    events.close();
    await startAndWait();
    const { run } = await show();
    using again = await openConsole(service.paths, name);
    // Later than the end of the service.
    await again.type('sleep 3 && poweroff & echo wa""iting', /waiting/);
    await service.kill();
    await expect
      .poll(() => readFile(`/proc/${run?.pid}/stat`).catch(() => null), { timeout: 60_000 })
      .toBeNull();
    await service.restart();
    expect((await show()).state.name).toBe('stopped');
    expect(service.processes()).toEqual([]);
  });

  test('says when its guest panics, and when it is killed itself', async () => {
    await startAndWait();
    const events = await service.listen();
    using serial = await openConsole(service.paths, name);
    const crashed = (event: { type: string; state?: { name: string } }): boolean =>
      event.type === 'machine.state' && event.state?.name === 'crashed';
    await serial.type('panic', /./);
    await events.next(crashed);
    expect((await show()).state).toMatchObject({ reason: expect.stringMatching(/panicked/) as string });
    await service.client.call('startMachine', { params: { ref: name } });
    process.kill((await show()).run?.pid as number, 'SIGKILL');
    await events.next(crashed);
    events.close();
    expect((await show()).state).toMatchObject({
      reason: 'The VMM (cloud-hypervisor) was ended by SIGKILL.',
    });
    expect(service.processes()).toEqual([]);
  });
});
