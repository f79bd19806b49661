// SPDX-License-Identifier: Apache-2.0
import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { PhyllomeError } from '../contract/errors.ts';
import { apiPrefix } from '../contract/operations.ts';
import type { SerialConsole } from '../engine/serial-console.ts';
import { serve, until, type TestServer } from './testing.ts';

function open(server: TestServer, path: string): WebSocket {
  const createConnection = () => connect(server.socketPath);
  return new WebSocket(`ws://localhost${apiPrefix}/machines/${path}`, { createConnection });
}

/** The answer to a handshake that is refused. */
async function refused(
  socket: WebSocket,
): Promise<{ status: number; type: string | undefined; report: any }> {
  socket.on('error', () => {});
  const [, reply] = (await once(socket, 'unexpected-response')) as [unknown, IncomingMessage];
  return {
    status: reply.statusCode ?? 0,
    type: reply.headers['content-type'],
    report: JSON.parse(await text(reply)),
  };
}

/** A serial port in the hands of the test. */
function fakeSerial() {
  const port = {
    histories: [] as number[],
    written: '',
    closed: 0,
    output: (_text: string): void => {},
    end: (): void => {},
    blocked: null as Promise<void> | null,
  };
  const serial: SerialConsole = {
    async view(history, onOutput, onEnd) {
      port.histories.push(history);
      port.output = (words) => onOutput(Buffer.from(words));
      port.end = onEnd;
      onOutput(Buffer.from('earlier '));
      return { close: () => void (port.closed += 1) };
    },
    async write(bytes) {
      port.written += Buffer.from(bytes).toString();
      await port.blocked;
    },
  };
  return { port, serial };
}

describe('a serial port', () => {
  test('is a WebSocket with bytes both ways', async () => {
    const { port, serial } = fakeSerial();
    const refs: string[] = [];
    await using server = await serve({
      serial(ref) {
        refs.push(ref);
        return serial;
      },
    });
    const socket = open(server, `${encodeURIComponent('a/b, ü')}/serial`);
    const [first, isBinary] = (await once(socket, 'message')) as [Buffer, boolean];
    expect([first.toString(), isBinary]).toEqual(['earlier ', true]);
    expect(refs).toEqual(['a/b, ü']);
    expect(port.histories).toEqual([65_536]);
    expect(socket.extensions).toBe('');

    port.output('login: ');
    expect(String((await once(socket, 'message'))[0])).toBe('login: ');
    socket.send(Buffer.from('root'));
    socket.send('\r');
    await until(() => port.written === 'root\r');

    socket.close();
    await until(() => port.closed === 1);
  });

  test('ends with the machine, after its last words', async () => {
    const { port, serial } = fakeSerial();
    await using server = await serve({ serial: () => serial });
    const socket = open(server, 'tiny/serial?history=0');
    await once(socket, 'message');
    expect(port.histories).toEqual([0]);
    const heard: string[] = [];
    socket.on('message', (bytes: Buffer) => heard.push(bytes.toString()));
    port.output('x'.repeat(100_000));
    port.output('reboot: Power down');
    port.end();
    const [code, reason] = (await once(socket, 'close')) as [number, Buffer];
    expect([code, reason.toString()]).toEqual([1000, 'The machine has ended']);
    expect(heard.at(-1)).toBe('reboot: Power down');
  });

  test('says why it fails, in the room a close message has', async () => {
    const failure = new PhyllomeError('vmm-gone', { name: 'ü'.repeat(100), reason: 'gone' });
    const broken: SerialConsole = {
      view: async () => ({ close() {} }),
      write: () => Promise.reject(failure),
    };
    await using server = await serve({ serial: () => broken });
    const socket = open(server, 'tiny/serial');
    await once(socket, 'open');
    for (const key of ['a', 'b', 'c']) socket.send(key);
    const [code, reason] = (await once(socket, 'close')) as [number, Buffer];
    expect(code).toBe(1011);
    expect(reason.toString()).toMatch(/^The VMM of ü+$/);

    await using other = await serve({ serial: () => ({ ...broken, view: () => Promise.reject(failure) }) });
    const blind = open(other, 'tiny/serial');
    expect((await once(blind, 'close'))[0]).toBe(1011);
  });

  test('takes no more than the guest takes', async () => {
    const { port, serial } = fakeSerial();
    await using server = await serve({ serial: () => serial });
    const socket = open(server, 'tiny/serial');
    await once(socket, 'message');
    const { promise, resolve: unblock } = Promise.withResolvers<void>();
    port.blocked = promise;
    // Far more than the buffers of the kernel hold.
    const piece = Buffer.alloc(65_536, 'x');
    for (let sent = 0; sent < 160; sent += 1) socket.send(piece);
    await until(() => port.written !== '');
    for (let turns = 0; turns < 100; turns += 1) await turn();
    expect(port.written.length).toBeLessThan(2 ** 21);
    port.blocked = null;
    unblock();
    await until(() => port.written.length === 160 * piece.length);
    socket.terminate();
  });

  test('drops a viewer that stops reading', async () => {
    const { port, serial } = fakeSerial();
    await using server = await serve({ serial: () => serial });
    const socket = open(server, 'tiny/serial');
    await once(socket, 'message');
    socket.pause();
    const piece = 'x'.repeat(65_536);
    for (let sent = 0; sent < 1024 && port.closed === 0; sent += 1) {
      port.output(piece);
      await turn();
    }
    expect(port.closed).toBe(1);
    socket.terminate();
  });

  test('survives a client that breaks the rules', async () => {
    const { port, serial } = fakeSerial();
    await using server = await serve({ serial: () => serial });
    const socket = open(server, 'tiny/serial');
    await once(socket, 'message');
    socket.send(Buffer.alloc(2 ** 20 + 1));
    expect((await once(socket, 'close'))[0]).toBe(1009);
    await until(() => port.closed === 1);
    expect((await server.local('/')).status).toBe(200);
  });
});

/** A unix socket that speaks as a display does: first. */
async function fakeDisplay(
  server: TestServer,
  talk: (viewer: Socket) => void,
): Promise<{ path: string; listener: Server }> {
  const path = `${server.socketPath}.vnc`;
  const listener = createServer(talk).listen(path);
  await once(listener, 'listening');
  return { path, listener };
}

async function withDisplay(talk: (viewer: Socket) => void) {
  let path = '';
  const server = await serve({ displaySocket: () => path });
  const display = await fakeDisplay(server, talk);
  path = display.path;
  return {
    server,
    ...display,
    async [Symbol.asyncDispose]() {
      display.listener.close();
      await server[Symbol.asyncDispose]();
    },
  };
}

describe('a display', () => {
  test('passes bytes both ways as they are', async () => {
    await using setup = await withDisplay((viewer) => {
      viewer.write('RFB 003.008\n');
      viewer.pipe(viewer);
    });
    const socket = open(setup.server, 'tiny/display');
    expect(String((await once(socket, 'message'))[0])).toBe('RFB 003.008\n');
    const got: Buffer[] = [];
    socket.on('message', (bytes: Buffer) => got.push(bytes));
    const sent = Buffer.alloc(3 * 2 ** 20, 'frame');
    for (let at = 0; at < sent.length; at += 2 ** 16) socket.send(sent.subarray(at, at + 2 ** 16));
    await until(() => Buffer.concat(got).length === sent.length);
    expect(Buffer.concat(got).equals(sent)).toBe(true);
    socket.terminate();
  });

  test('each viewer has a connection of its own, which ends with it', async () => {
    const viewers = new Set<Socket>();
    await using setup = await withDisplay((viewer) => {
      viewers.add(viewer.resume());
      viewer.write('hello');
      viewer.once('close', () => viewers.delete(viewer));
    });
    const [first, second] = [open(setup.server, 'tiny/display'), open(setup.server, 'tiny/display')];
    await Promise.all([once(first, 'message'), once(second, 'message')]);
    expect(viewers.size).toBe(2);
    first.close();
    await until(() => viewers.size === 1);
    second.terminate();
    await until(() => viewers.size === 0);
  });

  test('the viewer is told when the machine ends', async () => {
    await using setup = await withDisplay((viewer) => viewer.end('bye'));
    const socket = open(setup.server, 'tiny/display');
    const [[last]] = await Promise.all([once(socket, 'message'), once(socket, 'close')]);
    expect(String(last)).toBe('bye');
  });

  test('a slow viewer slows the machine down and fills nothing here', async () => {
    const frames = 48;
    let sent = 0;
    await using setup = await withDisplay((viewer) => {
      viewer.on('error', () => {});
      const frame = Buffer.alloc(2 ** 20);
      const more = (): void => {
        if (sent >= frames) return;
        sent += 1;
        if (viewer.write(frame)) setImmediate(more);
        else viewer.once('drain', more);
      };
      more();
    });
    const socket = open(setup.server, 'tiny/display');
    await once(socket, 'message');
    socket.pause();
    let before = -1;
    while (before !== sent) {
      before = sent;
      for (let turns = 0; turns < 200; turns += 1) await turn();
    }
    expect(sent).toBeLessThan(frames / 2);
    socket.resume();
    await until(() => sent === frames);
    socket.terminate();
  });

  test('that does not answer is an error before the handshake', async () => {
    await using server = await serve({ displaySocket: () => '/nowhere/display' });
    const { status, report } = await refused(open(server, 'tiny/display'));
    expect(status).toBe(409);
    expect(report).toEqual(
      new PhyllomeError('vmm-gone', { name: 'tiny', reason: 'its display does not answer' }).report(),
    );
  });

  test('is let go when the handshake fails after all', async () => {
    const viewers = new Set<Socket>();
    let seen = 0;
    await using setup = await withDisplay((viewer) => {
      seen += 1;
      viewers.add(viewer.resume());
      viewer.once('close', () => viewers.delete(viewer));
    });
    const path = `${apiPrefix}/machines/tiny/display`;
    const headers = {
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': 'bad',
    };
    const asked = request({ socketPath: setup.server.socketPath, path, headers }).end();
    const [reply] = (await once(asked, 'response')) as [IncomingMessage];
    expect(reply.statusCode).toBe(400);
    expect(JSON.parse(await text(reply)).code).toBe('bad-request');
    await until(() => seen === 1 && viewers.size === 0);
  });
});

function noSerial(): never {
  throw new PhyllomeError('serial-none', { name: 'tiny' });
}

describe('a handshake', () => {
  test.each([
    ['an error of the engine', 'tiny/serial', new PhyllomeError('serial-none', { name: 'tiny' })],
    [
      'a wrong query',
      'tiny/serial?history=-1',
      new PhyllomeError('bad-request', {
        reason: 'query.history: found -1; allowed: a whole number from 0 to 1048576',
      }),
    ],
    [
      'a query where none is due',
      'tiny/display?x=1',
      new PhyllomeError('bad-request', { reason: 'its query must be empty' }),
    ],
    [
      'too long a name',
      `${'x'.repeat(201)}/serial`,
      new PhyllomeError('bad-request', {
        reason: `path.ref: found "${'x'.repeat(76)}...; allowed: a text (A machine's name or id) of at most 200 characters`,
      }),
    ],
    [
      'a bad code',
      '%ff/serial',
      new PhyllomeError('bad-request', {
        reason: 'a "%" in its address does not begin the code of a character',
      }),
    ],
    [
      'another address',
      'tiny/start',
      new PhyllomeError('not-found', { path: `WebSocket ${apiPrefix}/machines/tiny/start` }),
    ],
  ])('is refused properly for %s', async (_, path, failure) => {
    await using server = await serve({ serial: noSerial });
    expect(await refused(open(server, path))).toEqual({
      status: failure.status,
      type: 'application/json; charset=utf-8',
      report: failure.report(),
    });
  });

  test('for anything else than a WebSocket is answered as a plain request', async () => {
    await using server = await serve();
    const headers = {
      connection: 'Upgrade, HTTP2-Settings',
      upgrade: 'h2c',
      'http2-settings': 'AAMAAABkAAQAAP__',
    };
    expect((await server.local('/', { headers })).status).toBe(200);
    expect((await server.local(`${apiPrefix}/machines/tiny/serial`)).status).toBe(404);
  });

  test('ends well when the service ends', async () => {
    const { serial } = fakeSerial();
    const server = await serve({ serial: () => serial });
    const socket = open(server, 'tiny/serial');
    await once(socket, 'message');
    const [[code]] = await Promise.all([once(socket, 'close'), server[Symbol.asyncDispose]()]);
    expect(code).toBe(1001);
  });
});
