// SPDX-License-Identifier: Apache-2.0
//
// The tiny guest on a plain QEMU, without anything else of ours: what every other boot test relies on.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildTiny } from '../../src/catalog/tiny/build.ts';
import { tinyCommandLine } from '../../src/catalog/tiny/command-line.ts';

const cacheDirectory = join(import.meta.dirname, '../../node_modules/.cache/phyllome-tests/phyllome');
const architecture = 'x86_64';
const qemu = `qemu-system-${architecture}`;
let guest: Awaited<ReturnType<typeof buildTiny>>;
let directory = '';

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tiny-'));
  guest = await buildTiny({ architecture, cacheDirectory });
});
afterAll(() => rm(directory, { recursive: true, force: true }));

const prompt = /tiny:\/\w+# /;
const ready = new RegExp(`phyllome-tiny: ready\r\n${prompt.source}`);

// A guest that says nothing for so long (ms) will not say it any more.
const patience = 40_000;

/** Text that arrives on a socket, and waiting for what one expects in it. */
class Conversation {
  text = '';
  readonly socket: Socket;
  readonly #over: Promise<never>;

  constructor(socket: Socket, whenOver: Promise<never>) {
    this.socket = socket;
    this.#over = whenOver;
    socket.on('data', (bytes: Buffer) => (this.text += bytes.toString('latin1')));
  }

  /** Waits for a match in what came since the last wait, and takes it away. */
  async expect(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const match = pattern.exec(this.text);
      if (match !== null) {
        this.text = this.text.slice(match.index + match[0].length);
        return match;
      }
      const data = once(this.socket, 'data', { signal: AbortSignal.timeout(patience) }).catch(() => {
        throw new Error(`silence, after: ${this.text}`);
      });
      await Promise.race([data, this.#over]);
    }
  }

  send(text: string): void {
    this.socket.write(text, 'latin1');
  }

  /** Runs a command in the guest's shell and returns its output. */
  async run(command: string): Promise<string> {
    // What is typed comes back too, perhaps in two lines: only the output has these words side by side.
    this.send(`${command}; echo "the ""end"\n`);
    const [output] = await this.expect(/[^]*?the end\r\n/);
    await this.expect(prompt);
    return output;
  }
}

interface Reply {
  return?: unknown;
  error?: { class: string; desc: string };
  event?: string;
  data?: { action?: string; guest?: boolean; reason?: string; id?: string; open?: boolean };
}

/** One QEMU with the tiny guest. */
class Machine implements AsyncDisposable {
  readonly folder: string;
  readonly process: ChildProcess;
  readonly exit: Promise<number | null>;
  readonly over: Promise<never>;
  readonly events: Reply[] = [];
  serial!: Conversation;
  #qmp!: Conversation;
  #log = '';

  constructor(folder: string, devices: readonly string[]) {
    this.folder = folder;
    const channel = (id: string): string => `socket,id=${id},path=${join(folder, id)},server=on,wait=off`;
    const fixed = '-nodefaults -no-user-config -display none -machine q35 -accel tcg -m 256 -S'.split(' ');
    const channels = ['-chardev', channel('qmp'), '-mon', 'chardev=qmp,mode=control'];
    const serial = ['-chardev', channel('serial'), '-serial', 'chardev:serial'];
    const boot = ['-kernel', guest.kernel, '-initrd', guest.initrd, '-append', tinyCommandLine(architecture)];
    const args = [...fixed, ...channels, ...serial, ...boot, ...devices];
    this.process = spawn(qemu, args, { stdio: ['ignore', 'ignore', 'pipe'] });
    this.process.stderr?.on('data', (bytes: Buffer) => (this.#log += bytes.toString()));
    this.exit = once(this.process, 'exit').then(([code]) => code as number | null);
    this.over = this.exit.then((code) =>
      Promise.reject(new Error(`QEMU ended with ${String(code)}: ${this.#log}`)),
    );
    this.over.catch(() => undefined);
  }

  async open(name: string): Promise<Conversation> {
    const path = join(this.folder, name);
    while (!existsSync(path)) await Promise.race([delay(20), this.over]);
    const socket = connect(path);
    socket.on('error', () => undefined);
    await Promise.race([once(socket, 'connect'), this.over]);
    return new Conversation(socket, this.over);
  }

  /** Connects before the guest's first instruction, so that nothing it says is missed; then lets it go. */
  async begin(): Promise<this> {
    this.#qmp = await this.open('qmp');
    this.serial = await this.open('serial');
    await this.#qmp.expect(/^\{"QMP".*\}\r\n/);
    await this.command('qmp_capabilities');
    await this.command('cont');
    return this;
  }

  async command(execute: string, args: object = {}): Promise<unknown> {
    this.#qmp.send(`${JSON.stringify({ execute, arguments: args })}\n`);
    for (;;) {
      const reply = await this.#reply();
      if (reply.error !== undefined) throw new Error(reply.error.desc);
      if (reply.event === undefined) return reply.return;
    }
  }

  async #reply(): Promise<Reply> {
    const [line] = await this.#qmp.expect(/^.*\r\n/);
    const reply = JSON.parse(line) as Reply;
    if (reply.event !== undefined) this.events.push(reply);
    return reply;
  }

  /** Waits for an event, also one that came before. */
  async event(name: string): Promise<Reply> {
    for (;;) {
      const found = this.events.find(({ event }) => event === name);
      if (found !== undefined) return found;
      await this.#reply();
    }
  }

  /** The screen as pixels: three bytes each, after a header that says how many. */
  async screen(): Promise<{ width: number; height: number; pixels: Buffer }> {
    const file = join(this.folder, 'screen.ppm');
    await this.command('screendump', { filename: file });
    const content = await readFile(file);
    const [header = '', width, height] =
      /^P6\s+(\d+)\s+(\d+)\s+255\s/.exec(content.toString('latin1', 0, 40)) ?? [];
    return { width: Number(width), height: Number(height), pixels: content.subarray(header.length) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.process.kill('SIGKILL');
    await this.exit;
    this.serial?.socket.destroy();
    this.#qmp?.socket.destroy();
  }
}

const agentPort = (folder: string): string[] => [
  '-device',
  'virtio-serial-pci',
  '-chardev',
  `socket,id=agent,path=${join(folder, 'agent')},server=on,wait=off`,
  '-device',
  // Only a port with an id has an event when the guest opens it.
  'virtserialport,id=port,chardev=agent,name=org.qemu.guest_agent.0',
];
const disk = (filename: string): string[] => [
  '-blockdev',
  JSON.stringify({ driver: 'raw', 'node-name': 'disk', file: { driver: 'file', filename } }),
  '-device',
  'virtio-blk-pci,drive=disk',
];
const nic = ['-netdev', 'user,id=net', '-device', 'virtio-net-pci,netdev=net,romfile='];

async function ask(agent: Conversation, question: object | string): Promise<Reply> {
  agent.send(`${typeof question === 'string' ? question : JSON.stringify(question)}\n`);
  const [line] = await agent.expect(/.*\n/);
  return JSON.parse(line) as Reply;
}

async function start(devices: (folder: string) => readonly string[]): Promise<Machine> {
  const folder = await mkdtemp(join(directory, 'm-'));
  return new Machine(folder, devices(folder)).begin();
}

async function emptyDisk(): Promise<string> {
  const file = join(await mkdtemp(join(directory, 'd-')), 'a,b.raw');
  await writeFile(file, '');
  await truncate(file, 64 * 2 ** 20);
  return file;
}

describe('the tiny guest', () => {
  test('says ready, gets an address, and keeps files over a clean power-off', async () => {
    const file = await emptyDisk();
    const rng = ['-device', 'virtio-rng-pci'];
    {
      await using machine = await start(() => [...disk(file), ...nic, ...rng]);
      const { serial } = machine;
      await serial.expect(ready);
      expect(await serial.run('echo $((6 * 7)); hostname')).toMatch(/42\s+tiny/);
      expect(await serial.run('until ip -4 addr show dev eth0 | grep inet; do sleep 0.2; done')).toContain(
        '10.0.2.15/24',
      );
      expect(await serial.run('ip route; cat /etc/resolv.conf')).toMatch(
        /default via 10\.0\.2\.2[^]*nameserver 10\.0\.2\.3/,
      );
      expect(await serial.run('echo "still here" >/data/note; mount')).toContain('/dev/vda on /data');
      await machine.command('system_powerdown');
      expect((await machine.event('SHUTDOWN')).data).toEqual({ guest: true, reason: 'guest-shutdown' });
      expect(await machine.exit).toBe(0);
    }
    await using machine = await start(() => disk(file));
    await machine.serial.expect(ready);
    expect(await machine.serial.run('cat /data/note')).toContain('still here');
    // Ctrl-C reaches what runs: the shell has the port as its real terminal.
    machine.serial.send('sh -c \'echo run""ning; exec sleep 1000\'\n');
    await machine.serial.expect(/running\r\n/);
    machine.serial.send('\x03');
    await machine.serial.expect(prompt);
    expect(await machine.serial.run('echo $((6 * 7))')).toContain('42');
    // Another shell comes when this one ends.
    machine.serial.send('exit\n');
    await machine.serial.expect(prompt);
    expect(await machine.serial.run('cd /data && ls')).toContain('note');
    // A disk in use is no reason not to end.
    machine.serial.send('poweroff\n');
    expect(await machine.exit).toBe(0);
  });

  test('leaves a disk alone that holds anything else', async () => {
    const file = await emptyDisk();
    const content = Buffer.alloc(64 * 2 ** 20);
    // Nothing but a mark far in the last MiB, where backup partition tables are.
    content.write('somebody else', content.length - 512);
    await writeFile(file, content);
    await using machine = await start(() => disk(file));
    await machine.serial.expect(ready);
    expect(await machine.serial.run('mount')).not.toContain('/data');
    machine.serial.send('poweroff\n');
    expect(await machine.exit).toBe(0);
    expect((await readFile(file)).equals(content)).toBe(true);
  });

  test('runs without any device but its serial port', async () => {
    await using machine = await start(() => []);
    await machine.serial.expect(ready);
    expect(await machine.serial.run('help')).toContain('poweroff');
    await machine.command('system_powerdown');
    expect(await machine.exit).toBe(0);
  });

  test('answers as a guest agent', async () => {
    await using machine = await start((folder) => [...agentPort(folder), ...nic]);
    const { serial } = machine;
    await serial.expect(ready);
    expect((await machine.event('VSERPORT_CHANGE')).data).toEqual({
      id: expect.any(String) as string,
      open: true,
    });

    const first = await machine.open('agent');
    expect(await ask(first, { execute: 'guest-ping' })).toEqual({ return: {} });
    expect(await ask(first, { execute: 'guest-sync', arguments: { id: 987654321 } })).toEqual({
      return: 987654321,
    });
    expect(await ask(first, '{ "execute" : "guest-ping" }')).toEqual({ return: {} });
    const info = (await ask(first, { execute: 'guest-info' })).return;
    expect(info).toMatchObject({ version: 'phyllome-tiny' });
    const names = (info as { supported_commands: { name: string }[] }).supported_commands.map(
      ({ name }) => name,
    );
    expect(names).toContain('guest-shutdown');
    expect(names).not.toContain('guest-exec');
    expect((await ask(first, { execute: 'guest-exec' })).error).toEqual({
      class: 'CommandNotFound',
      desc: 'The command guest-exec has not been found',
    });
    expect((await ask(first, 'no json at all')).error?.class).toBe('GenericError');
    first.socket.destroy();

    // It answers whoever comes next, who says where fresh answers begin.
    const second = await machine.open('agent');
    second.send(`\xff${JSON.stringify({ execute: 'guest-sync-delimited', arguments: { id: 5 } })}\n`);
    const [line] = await second.expect(/\xff(.*)\n/);
    expect(JSON.parse(line.slice(1))).toEqual({ return: 5 });
    await serial.run('until ip -4 addr show dev eth0 | grep inet; do sleep 0.2; done');
    const { return: cards } = await ask(second, { execute: 'guest-network-get-interfaces' });
    expect(cards).toContainEqual(
      expect.objectContaining({
        name: 'eth0',
        'hardware-address': '52:54:00:12:34:56',
        'ip-addresses': expect.arrayContaining([
          { 'ip-address-type': 'ipv4', 'ip-address': '10.0.2.15', prefix: 24 },
        ]) as unknown,
        // It asked for its address and got one.
        statistics: {
          'rx-bytes': expect.toSatisfy((bytes: number) => bytes > 200) as unknown,
          'rx-packets': expect.toSatisfy((packets: number) => packets >= 2) as unknown,
          'rx-errs': 0,
          'rx-dropped': expect.any(Number) as unknown,
          'tx-bytes': expect.toSatisfy((bytes: number) => bytes > 200) as unknown,
          'tx-packets': expect.toSatisfy((packets: number) => packets >= 2) as unknown,
          'tx-errs': 0,
          'tx-dropped': expect.any(Number) as unknown,
        },
      }),
    );
    second.send('{"execute":"guest-shutdown","arguments":{"mode":"reboot"}}\n');
    await machine.event('RESET');
    second.socket.destroy();
    await serial.expect(ready);
    const third = await machine.open('agent');
    third.send('{"execute":"guest-shutdown"}\n');
    expect(await machine.exit).toBe(0);
  });

  test('panics on request, and says so', async () => {
    await using machine = await start(() => ['-device', 'pvpanic-pci', '-action', 'panic=pause']);
    await machine.serial.expect(ready);
    machine.serial.send('panic\n');
    expect((await machine.event('GUEST_PANICKED')).data?.action).toBe('pause');
  });

  test('hangs on request: power button and agent find nobody', async () => {
    await using machine = await start((folder) => agentPort(folder));
    await machine.serial.expect(ready);
    machine.serial.send('hang\n');
    await machine.serial.expect(/hang\r\n/);
    const agent = await machine.open('agent');
    // Its processors are busy and nothing reads: give it the time in which a living guest ends many times over.
    await delay(1500);
    await machine.command('system_powerdown');
    agent.send('{"execute":"guest-ping"}\n');
    machine.serial.send('poweroff\n');
    await delay(4000);
    expect(await machine.command('query-status')).toMatchObject({ status: 'running' });
    expect(agent.text).toBe('');
    expect(machine.serial.text).toBe('');
  });

  const keyboards = {
    VGA: ['-device', 'VGA'],
    'virtio-vga': ['-device', 'virtio-vga', '-device', 'qemu-xhci', '-device', 'usb-kbd'],
  };
  test.each(Object.entries(keyboards))(
    'draws on the screen of %s and shows what one types there',
    async (_name, devices) => {
      await using machine = await start(() => devices);
      const { serial } = machine;
      await serial.expect(ready);
      // The screen has its shell last of all.
      await serial.run('until ps | grep -q "[/]dev/tty1\\|[s]creen"; do sleep 0.2; done');
      const picture = 160; // rows of pixels
      const changed = async (part: 'waves' | 'text', than: Buffer): Promise<Buffer> => {
        for (;;) {
          const { width, pixels } = await machine.screen();
          const edge = picture * width * 3;
          const now = part === 'waves' ? pixels.subarray(0, edge) : pixels.subarray(edge);
          if (than.length > 0 && now.length === than.length && !now.equals(than)) return now;
          if (than.length !== now.length) than = now;
          await Promise.race([delay(200), machine.over]);
        }
      };
      const first = await changed('waves', Buffer.alloc(0));
      expect(await changed('waves', first)).not.toEqual(first);
      // The cursor blinks: leave out what it does by comparing with an echo much bigger than itself.
      const ink = async (): Promise<number> => {
        const { width, pixels } = await machine.screen();
        return pixels.subarray(picture * width * 3).filter((byte) => byte > 0x80).length;
      };
      const before = await ink();
      for (const data of ['w', 'w', 'w', 'w', 'w', 'w', 'w', 'w']) {
        await machine.command('send-key', { keys: [{ type: 'qcode', data }] });
        await delay(150);
      }
      await expect.poll(ink, { timeout: 10_000 }).toBeGreaterThan(before + 300);
      const { width, height } = await machine.screen();
      expect([width, height]).toEqual([1280, 800]);
    },
  );
});

describe('building it', () => {
  test('finds it in the cache', async () => {
    const steps: string[] = [];
    const again = await buildTiny({
      architecture,
      cacheDirectory,
      onProgress: ({ what }) => steps.push(what),
    });
    expect(again).toEqual(guest);
    expect(steps).toEqual([]);
  });

  test('an abort at any step leaves nothing', async () => {
    for (const step of [/Looking/, /Downloading/, /Unpacking/, /together/]) {
      const cache = await mkdtemp(join(directory, 'c-'));
      const controller = new AbortController();
      const reason = new Error('changed my mind');
      const building = buildTiny({
        architecture,
        cacheDirectory: cache,
        signal: controller.signal,
        onProgress: ({ what }) => step.test(what) && controller.abort(reason),
      });
      await expect(building).rejects.toBe(reason);
      expect(await readdir(cache)).toEqual([]);
    }
  });

  test('two at once end with the same guest', async () => {
    const cache = await mkdtemp(join(directory, 'c-'));
    const [one, other] = await Promise.all(
      [1, 2].map(() => buildTiny({ architecture, cacheDirectory: cache })),
    );
    expect(one).toEqual(other);
    expect(await readdir(cache)).toHaveLength(1);
  });
});
