// SPDX-License-Identifier: Apache-2.0
//
// The real Firecracker, where there is one and KVM works: the life of a machine through the real service.
import { copyFile, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { unpackKernel } from '../../src/disk/guest-kernel/unpack-kernel.ts';
import { hostArchitecture } from '../../src/host/architecture.ts';
import { findBinary } from '../../src/host/binaries.ts';
import { askBinary, takesBzImage } from '../../src/vmm/firecracker/answers.ts';
import { probeKvm } from '../../src/vmm/lean.ts';
import { openConsole } from '../support/console.ts';
import { startService, type TestService } from '../support/service.ts';

const cache = join(import.meta.dirname, '../../node_modules/.cache/phyllome-tests/phyllome');
const name = 'a, "brief" guest 🌱';

/** Why nothing can be run here; empty when it can. */
async function obstacle(): Promise<string> {
  if (findBinary('firecracker') === null) return 'no firecracker here';
  const kvm = await probeKvm(hostArchitecture() ?? 'x86_64', cache);
  return kvm.usable ? '' : `no KVM here: ${kvm.explanation}`;
}
const reason = await obstacle();
const x86 = hostArchitecture() === 'x86_64';

describe.skipIf(reason !== '')(`Firecracker${reason === '' ? '' : ` (not run: ${reason})`}`, () => {
  let service: TestService;
  beforeAll(async () => {
    service = await startService();
  });
  afterAll(() => service[Symbol.asyncDispose]());

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

  test('a packed kernel is refused before anything is started, with what to do', async () => {
    const { id, directory } = await service.create(name, {
      vmm: 'firecracker',
      display: { type: 'none' },
      disks: [{ file: 'disks/data.raw', format: 'raw', size: '64MiB' }],
      vsock: { cid: 7 },
      ...(x86 && {
        boot: { type: 'kernel', kernel: 'kernel/vmlinux', initrd: 'kernel/initrd', commandLine: 'quiet' },
      }),
    });
    expect(directory).toContain(id);
    if (!x86) return;
    const [file, target] = [join(directory, 'kernel/vmlinuz'), join(directory, 'kernel/vmlinux')];
    const { version } = await askBinary(findBinary('firecracker') ?? '');
    if (!takesBzImage({ version })) {
      await copyFile(file, target);
      await expect(plan()).rejects.toMatchObject({ code: 'no-vmm', facts: { codes: ['kernel-packed'] } });
      await rm(target);
    }
    expect(await unpackKernel({ file, target, limit: 2 ** 30 })).toBe(true);
  });

  test('tiny boots, says so on its serial port, and takes what is typed', async () => {
    expect((await plan()).vmm).toBe('firecracker');
    await startAndWait();
    const { state, run } = await show();
    expect(state).toMatchObject({ name: 'running', ready: true });
    const running = (await readFile(`/proc/${run?.pid}/cmdline`, 'utf8')).split('\0').slice(0, -1);
    const { command } = (await plan()).process;
    expect(running).toEqual(command.slice(command.findIndex((word) => word.endsWith('/firecracker'))));
    using serial = await openConsole(service.paths, name);
    await serial.expect(/phyllome-tiny: ready/);
    await serial.type('echo 6 times 7 is $((6*7))', /6 times 7 is 42/);
    await serial.type('df /data | tail -1', /\/dev\/vda .*\/data/);
  });

  test('pasta gives the guest an address', async () => {
    using serial = await openConsole(service.paths, name, 0);
    await serial.type(
      'until ip -4 addr show dev eth0 | grep "inet "; do sleep 1; done',
      /inet \d+\.\d+\.\d+\.\d+/,
    );
    await serial.type('ip route | grep default', /default via \d+/);
    expect((await plan()).helpers.map((helper) => helper.name)).toEqual(['vmm-log', 'pasta']);
  });

  test('holds still when it is paused, and goes on', async () => {
    await service.client.call('pauseMachine', { params: { ref: name } });
    expect((await show()).state).toMatchObject({ name: 'paused' });
    await service.client.call('resumeMachine', { params: { ref: name } });
    using serial = await openConsole(service.paths, name, 0);
    await serial.type('echo back $((40+2))', /back 42/);
  });

  test('outlives the service, and is taken over by the next one', async () => {
    const { run } = await show();
    await service.kill();
    await service.restart();
    expect(await show()).toMatchObject({ state: { name: 'running', ready: true }, run: { pid: run?.pid } });
    using serial = await openConsole(service.paths, name);
    await serial.type('echo still $((40+2))', /still 42/);
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
    await again.type(
      'until ip -4 addr show dev eth0 | grep "inet "; do sleep 1; done',
      /inet \d+\.\d+\.\d+\.\d+/,
    );
  });

  test.runIf(x86)('is stopped by its button, and leaves no process', async () => {
    await service.finish(
      service.client.call('stopMachine', {
        params: { ref: name },
        body: { force: false, timeoutSeconds: 60 },
      }),
    );
    expect(await show()).toMatchObject({ state: { name: 'stopped' }, run: null });
    expect(service.processes()).toEqual([]);
  });

  test('a guest that powers off is noticed, and words like its last ones are not', async () => {
    await startAndWait();
    const events = await service.listen();
    using serial = await openConsole(service.paths, name, 0);
    // The shell has a clock and a prompt, so it lives, whatever it says.
    await serial.type('printf "\\nreboot: System %s\\n" halted; sleep 10; echo alive $((40+2))', /alive 42/);
    expect((await show()).state).toMatchObject({ name: 'running' });
    await serial.type('poweroff', /./);
    await events.next(enters('stopped'));
    events.close();
    expect(service.processes()).toEqual([]);
  });

  test('says when it is killed', async () => {
    await startAndWait();
    const events = await service.listen();
    process.kill((await show()).run?.pid as number, 'SIGKILL');
    await events.next(enters('crashed'));
    events.close();
    expect((await show()).state).toMatchObject({ reason: 'The VMM (firecracker) was ended by SIGKILL.' });
    expect(service.processes()).toEqual([]);
  });
});
