// SPDX-License-Identifier: Apache-2.0
//
// Guests for other processors, played in software, through the real service: their boards, consoles, screens,
// firmware. On a PC that has such a processor itself they are guests like all others.
import { execFileSync } from 'node:child_process';
import { readdir, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openConsole } from '../support/console.ts';
import { startService, type TestService } from '../support/service.ts';

let service: TestService;

beforeAll(async () => {
  service = await startService();
});
afterAll(() => service[Symbol.asyncDispose]());

const show = (ref: string) => service.client.call('showMachine', { params: { ref } });

/** Starts the machine; resolves when its guest opened its agent channel, which comes after its last driver. */
async function startAndWait(ref: string): Promise<void> {
  const events = await service.listen();
  await service.client.call('startMachine', { params: { ref } });
  await events.next(({ type }) => type === 'machine.ready');
  events.close();
}

/** A disk whose UEFI shell script starts the kernel, which is a UEFI program too. */
async function writeStartDisk(disk: string, kernelFolder: string, port: string): Promise<void> {
  const line = `FS0:\\vmlinuz initrd=\\initrd console=${port} quiet\r\n`;
  await writeFile(disk, '');
  await truncate(disk, 200 * 2 ** 20);
  execFileSync('mformat', ['-i', disk, '-F', '::']);
  for (const file of ['vmlinuz', 'initrd'])
    execFileSync('mcopy', ['-i', disk, join(kernelFolder, file), `::${file}`]);
  execFileSync('mcopy', ['-i', disk, '-', '::startup.nsh'], { input: line });
}

async function powerOff(ref: string): Promise<void> {
  const events = await service.listen();
  await service.finish(
    service.client.call('stopMachine', { params: { ref }, body: { force: false, timeoutSeconds: 60 } }),
  );
  await events.next((event) => event.type === 'machine.state' && event.state.name === 'stopped');
  events.close();
}

describe.each([
  ['aarch64', 'ttyAMA0'],
  ['riscv64', 'ttyS0'],
] as const)('the tiny guest for %s', (architecture, port) => {
  const name = `tiny-${architecture}`;

  // Its packages may have to be downloaded first, and their lists.
  test('is made of the packages of its processor', async () => {
    const machine = await service.create(name, { architecture });
    expect(machine.definition).toMatchObject({ architecture, boot: { type: 'kernel' } });
  }, 300_000);

  test('boots its own kernel, says that it is ready, and answers on its console', async () => {
    await startAndWait(name);
    expect((await show(name)).state).toMatchObject({ name: 'running', ready: true });
    using serial = await openConsole(service.paths, name);
    await serial.expect(/phyllome-tiny: ready/);
    await serial.type('uname -m', new RegExp(`\n${architecture}\r`));
    await serial.type('cat /proc/cmdline', new RegExp(`console=${port}`));
  });

  test('shows its screen', async () => {
    const png = await service.client.screenshot(name);
    expect(png.subarray(1, 4).toString()).toBe('PNG');
    expect(png.readUInt32BE(16)).toBeGreaterThanOrEqual(640);
  });

  test('powers off when it is asked to', async () => {
    await powerOff(name);
    expect((await show(name)).run).toBeNull();
  });

  test('starts by UEFI, where a firmware for it is installed', async (context) => {
    const { directory } = await show(name);
    const disk = join(directory, 'disks/start.img');
    await writeStartDisk(disk, join(directory, 'kernel'), port);
    const uefi = `uefi-${architecture}`;
    await service.create(uefi, {
      architecture,
      boot: { type: 'uefi' },
      disks: [{ file: disk, format: 'raw' }],
      display: { type: 'none' },
    });
    const { verdicts } = await service.client.call('judgeMachine', { params: { ref: uefi } });
    const refusals = verdicts.find(({ vmm }) => vmm === 'qemu')?.refusals ?? [];
    if (refusals.length > 0) context.skip(`not run: ${refusals.map(({ text }) => text).join(' ')}`);
    await startAndWait(uefi);
    using serial = await openConsole(service.paths, uefi);
    await serial.type('ls /sys/firmware', /\befi\b/);
    expect(await readdir(join((await show(uefi)).directory, 'firmware'))).toEqual(['vars.qcow2']);
    await powerOff(uefi);
  });
});
