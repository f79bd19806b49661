// SPDX-License-Identifier: Apache-2.0
//
// The network that Firecracker gets, with a guest that runs anywhere: a QEMU that knows nothing but the tap in it.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildTiny } from '../../src/catalog/tiny/build.ts';
import { findBinary } from '../../src/host/binaries.ts';
import { probePasta } from '../../src/host/pasta.ts';
import { guestTap, inNetwork, networkReady, pastaCommand } from '../../src/host/pasta-command.ts';

const cacheDirectory = join(import.meta.dirname, '../../node_modules/.cache/phyllome-tests/phyllome');
const qemu = findBinary('qemu-system-x86_64') ?? '';
const pasta = await probePasta(tmpdir());
const reason = pasta.available ? '' : pasta.reason;

describe.skipIf(!pasta.available)(`pasta${reason === '' ? '' : ` (not run: ${reason})`}`, () => {
  let run = '';
  let guest: Awaited<ReturnType<typeof buildTiny>>;
  const children: ChildProcess[] = [];
  beforeAll(async () => {
    run = await mkdtemp(join(tmpdir(), "pht-net; 'x' "));
    guest = await buildTiny({ architecture: 'x86_64', cacheDirectory });
  });
  afterAll(async () => {
    for (const child of children.toReversed()) {
      const gone = once(child, 'exit');
      if (child.exitCode === null && child.signalCode === null && child.kill('SIGKILL')) await gone;
    }
    await rm(run, { recursive: true, force: true });
  });

  const start = (command: string[], input: 'pipe' | 'ignore') => {
    const [file = '', ...rest] = command;
    const child = spawn(file, rest, { stdio: [input, 'pipe', 'inherit'] });
    children.push(child);
    return child;
  };

  test('the probe leaves nothing behind', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'pht-probe-'));
    expect(await probePasta(folder)).toMatchObject({ available: true });
    expect(await readdir(folder)).toEqual([]);
    await rm(folder, { recursive: true });
  });

  test('a folder that is not there is told as the reason', async () => {
    expect(await probePasta('/nonexistent/folder')).toMatchObject({
      available: false,
      reason: expect.stringContaining('/nonexistent/folder') as string,
    });
  });

  test('a guest behind the bridge gets an address, a way out and a DNS server from pasta', async () => {
    if (!pasta.available) throw new Error('skipped above');
    const holder = start(pastaCommand(pasta, { run, forwards: [], seconds: 300 }), 'ignore');
    await expect.poll(() => existsSync(networkReady(run)), { timeout: 10_000 }).toBe(true);
    const arguments_ = [
      ['-accel', 'tcg', '-machine', 'q35', '-m', '256', '-nodefaults', '-display', 'none'],
      ['-kernel', guest.kernel, '-initrd', guest.initrd, '-append', 'console=ttyS0 quiet'],
      ['-netdev', `tap,id=net0,ifname=${guestTap},script=no,downscript=no`],
      ['-device', 'virtio-net-pci,netdev=net0', '-serial', 'stdio'],
    ].flat();
    const machine = start([...inNetwork(pasta, run), qemu, ...arguments_], 'pipe');
    let heard = '';
    machine.stdout?.setEncoding('latin1').on('data', (text: string) => (heard += text));
    const hears = (pattern: RegExp) => expect.poll(() => heard, { timeout: 60_000 }).toMatch(pattern);
    await hears(/phyllome-tiny: ready[^]*# /);
    machine.stdin?.write('until ip route | grep "^default"; do sleep 1; done\n');
    await hears(/default via \d+\.\d+\.\d+\.\d+ dev eth0/);
    machine.stdin?.write('ip -4 addr show dev eth0; cat /etc/resolv.conf; echo DO""NE\n');
    await hears(/DONE/);
    expect(heard).toMatch(/inet \d+\.\d+\.\d+\.\d+/);
    expect(heard).toMatch(/nameserver \d+\.\d+\.\d+\.\d+/);

    // It runs without any power over the namespace, and as nobody else.
    const status = await readFile(`/proc/${machine.pid}/status`, 'utf8');
    if (!pasta.asRoot) expect(status).toMatch(/^CapEff:\s+0+$/m);

    // The namespace ends with its holder, and pasta with it.
    const pid = Number(await readFile(join(run, 'net.pid'), 'utf8'));
    expect(pid).toBe(holder.pid);
    const ended = once(holder, 'exit');
    for (const child of (await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')).trim().split(' '))
      process.kill(Number(child), 'SIGTERM');
    await ended;
  });
});
