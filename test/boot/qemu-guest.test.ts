// SPDX-License-Identifier: Apache-2.0
//
// What a real guest sees of the hardware we plan, and what we hear of the guest.
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { tiny } from '../../src/catalog/tiny/entry.ts';
import { openSerialPort } from '../support/serial-port.ts';
import { launch, type Launched } from './qemu-launch.ts';

const cacheDirectory = join(import.meta.dirname, '../../node_modules/.cache/phyllome-tests/phyllome');
let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'ph-tiny-'));
  await mkdir(cacheDirectory, { recursive: true });
  const { signal } = new AbortController();
  await tiny.prepare({ directory, architecture: 'x86_64', cacheDirectory, progress: () => {}, signal });
});
afterAll(() => rm(directory, { recursive: true, force: true }));

const draft = (more: object = {}): object => ({
  ...tiny.draft('x86_64'),
  ...more,
  boot: {
    type: 'kernel',
    kernel: join(directory, 'kernel/vmlinuz'),
    initrd: join(directory, 'kernel/initrd'),
    commandLine: 'console=tty0 console=ttyS0 quiet',
  },
});

test('the hardware of a guest, and its orderly end', async () => {
  const disks = ['virtio', 'scsi', 'nvme', 'sata'].map((bus) => ({
    file: `disks/${bus}.qcow2`,
    format: 'qcow2',
    size: '64MiB',
    bus,
    serial: `SERIAL-${bus}`,
  }));
  const nics = [{ type: 'none' }, { type: 'user', mac: '52:54:00:00:00:07' }];
  await using machine = await launch(draft({ cpu: { vcpus: 2 }, disks, nics, sound: 'hda' }));
  using shell = await ready(machine);

  const sizes = await shell.run('cat /sys/block/vda/size; cat /sys/block/vda/serial; ls /sys/block');
  expect(sizes).toContain(String((64 * 2 ** 20) / 512));
  expect(sizes).toContain('SERIAL-virtio');
  // In the order of the definition, and only one of them has a cable.
  const cards = await shell.run(
    'cat /sys/class/net/eth0/carrier /sys/class/net/eth1/carrier /sys/class/net/eth1/address',
  );
  expect(cards).toMatch(/0\s+1\s+52:54:00:00:00:07/);
  // The network gives its address by DHCP.
  const waitForAddress = 'until ip -o addr show dev eth1 | grep "inet "; do sleep 0.2; done';
  expect(await shell.run(waitForAddress)).toMatch(/inet \d+\./);
  expect(await shell.run('nproc')).toMatch(/^2\b/m);
  // Network cards keep their bus whatever else is plugged in.
  expect(await shell.run('readlink -f /sys/class/net/eth0/device')).toContain('0000:01:00.0');

  await machine.session.powerButton();
  await machine.event('shut-down');
  expect(await machine.session.state()).toBe('shut-down');
  await machine.session.quit();
  expect(await machine.ended).toEqual({ code: 0, signal: null });
  // QEMU stops the guest that powered off; that is no pause.
  expect(machine.events.filter(({ type }) => type === 'paused')).toEqual([]);
});

test('a reboot is one reset, a panic is told and can be looked at', async () => {
  await using machine = await launch(draft());
  using shell = await ready(machine);
  await shell.send('reboot');
  await machine.event('reset');
  await shell.until(/ready/i);
  expect(machine.events.filter(({ type }) => type === 'reset')).toHaveLength(1);

  await shell.send('panic');
  await machine.event('panicked');
  expect(await machine.session.state()).toBe('panicked');
  await machine.session.screenshot(join(machine.paths.logs, 'panic.png'));
  expect(await readFile(machine.plan.serialLog as string, 'utf8')).toContain('Kernel panic');
});

interface Shell extends Disposable {
  send(line: string): Promise<void>;
  /** Runs a command in the guest and returns what it wrote. */
  run(command: string): Promise<string>;
  until(pattern: RegExp): Promise<void>;
}

/** Lets the guest go and waits until its shell is there. */
async function ready(machine: Launched): Promise<Shell> {
  const port = await openSerialPort(machine.plan);
  await machine.session.resume();
  await machine.event('agent');
  expect(await machine.session.agentConnected()).toBe(true);
  return {
    send: (line) => port.type(`${line}\n`),
    async run(command) {
      await port.type(`${command}; echo "comma""nd over"\n`);
      return port.until(/command over/);
    },
    until: async (pattern) => {
      await port.until(pattern);
    },
    [Symbol.dispose]: () => port[Symbol.dispose](),
  };
}
