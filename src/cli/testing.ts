// SPDX-License-Identifier: Apache-2.0
//
// What the tests of this room share: a service that only says what a test gives it, and the command line run
// as its users run it, as a process.
import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { WebSocketServer, type WebSocket } from 'ws';
import type { Machine } from '../contract/api.ts';
import { PhyllomeError } from '../contract/errors.ts';
import type { EventBody } from '../contract/event.ts';
import { apiPrefix } from '../contract/operations.ts';
import { resolvePaths, type Paths } from '../contract/paths.ts';
import type { Task } from '../contract/task.ts';

const mainProgram = fileURLToPath(new URL('main.ts', import.meta.url));

export interface Home extends AsyncDisposable {
  root: string;
  env: Record<string, string>;
  paths: Paths;
}

/** Folders of a user of their own, gone at the end of the test. */
export async function createHome(): Promise<Home> {
  // Short, for the sake of socket paths.
  const root = await mkdtemp(join(tmpdir(), 'phc-'));
  const env = { PATH: process.env['PATH'] ?? '', HOME: root, XDG_RUNTIME_DIR: join(root, 'run'), TZ: 'UTC' };
  const paths = resolvePaths(env, process.getuid?.() ?? 0);
  await mkdir(paths.runtime, { recursive: true, mode: 0o700 });
  return {
    root,
    env,
    paths,
    // A program that a test started and that has nothing more to do may write its last file just now.
    [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true, maxRetries: 20, retryDelay: 20 }),
  };
}

export interface Request {
  /** "GET /machines/tiny": method and address without the prefix of the API */
  line: string;
  headers: IncomingMessage['headers'];
  body: any;
}

/** What the service answers: a value as JSON, bytes as they are, or an error. */
type Answer = (request: Request) => unknown;

export interface FakeService extends Home {
  requests: Request[];
  /** Says an event to all who listen, and remembers it for those who come back */
  emit(event: EventBody): void;
  /** Cuts all connections, as a service does that dies */
  drop(): void;
  /** Resolves when a request with this line has come */
  asked(line: string): Promise<Request>;
}

/**
 * A service on a unix socket that answers what the test says; any other question is refused as not-found.
 * @param console what happens when somebody opens a serial console
 */
export async function fakeService(
  answers: Record<string, Answer> = {},
  console?: (socket: WebSocket, request: Request) => void,
): Promise<FakeService> {
  const home = await createHome();
  const requests: Request[] = [];
  const streams = new Set<ServerResponse>();
  const sockets = new Set<Socket>();
  const waiting: { line: string; resolve: (request: Request) => void }[] = [];
  const events: { id: number; text: string }[] = [];

  const note = (message: IncomingMessage, body: unknown): Request => {
    const line = `${message.method} ${(message.url ?? '').replace(apiPrefix, '')}`;
    const request = { line, headers: message.headers, body };
    requests.push(request);
    for (const wait of waiting) if (wait.line === line) wait.resolve(request);
    return request;
  };

  const server = createServer((message, response) => {
    void (async () => {
      const body = await text(message);
      const request = note(message, body === '' ? undefined : JSON.parse(body));
      if (request.line === 'GET /events') {
        response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
        const last = request.headers['last-event-id'];
        if (last !== undefined)
          for (const event of events) if (event.id > Number(last)) response.write(event.text);
        streams.add(response);
        return;
      }
      try {
        const answer = answers[request.line];
        if (answer === undefined) throw new PhyllomeError('not-found', { path: request.line });
        const reply = await answer(request);
        response.end(Buffer.isBuffer(reply) ? reply : JSON.stringify(reply));
      } catch (error) {
        const failure = PhyllomeError.from(error);
        response.writeHead(failure.status).end(JSON.stringify(failure.report()));
      }
    })();
  });
  const consoles = new WebSocketServer({ noServer: true });
  server.on('upgrade', (message, socket, head) => {
    const request = note(message, undefined);
    if (console === undefined) {
      const failure = new PhyllomeError('machine-state', {
        name: 'tiny',
        state: 'stopped',
        verb: 'open its console',
        next: 'Start it first.',
      });
      const body = JSON.stringify(failure.report());
      socket.end(`HTTP/1.1 409 Conflict\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
      return;
    }
    consoles.handleUpgrade(message, socket, head, (client) => console(client, request));
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(home.paths.serviceSocket, resolve));

  const drop = () => {
    for (const socket of sockets) socket.destroy();
    streams.clear();
  };
  return {
    ...home,
    requests,
    drop,
    emit(body) {
      const event = { ...body, id: events.length + 1, time: '2026-11-23T07:00:00.000Z' };
      const text = `id: ${event.id}\ndata: ${JSON.stringify(event)}\n\n`;
      events.push({ id: event.id, text });
      for (const stream of streams) stream.write(text);
    },
    asked(line) {
      const found = requests.find((request) => request.line === line);
      if (found !== undefined) return Promise.resolve(found);
      return new Promise((resolve) => waiting.push({ line, resolve }));
    },
    async [Symbol.asyncDispose]() {
      server.close();
      drop();
      await home[Symbol.asyncDispose]();
    },
  };
}

export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs "phyllome WORDS..." without a terminal. */
export async function phyllome(
  { env }: Home,
  words: readonly string[],
  options: { input?: string; env?: Record<string, string> } = {},
): Promise<Ended> {
  const child = spawn(process.execPath, [mainProgram, ...words], {
    env: { ...env, ...options.env },
    cwd: env['HOME'],
  });
  child.stdin.end(options.input ?? '');
  const [stdout, stderr, code] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise<number | null>((resolve) => child.once('close', resolve)),
  ]);
  return { code, stdout, stderr };
}

export interface Terminal {
  /** Everything on the screen so far */
  screen(): string;
  /** Waits until this is on the screen */
  until(pattern: RegExp): Promise<void>;
  type(keys: string): void;
  /** The whole screen, when the command has ended */
  end(): Promise<string>;
  pid: number;
}

/** Runs a shell line on a terminal of its own; in it, "phyllome" is our program. */
export function onTerminal({ env }: Home, line: string): Terminal {
  const shell = `phyllome() { '${process.execPath}' '${mainProgram}' "$@"; }; ${line}`;
  const child = spawn('script', ['-qefc', shell, '/dev/null'], {
    env: { ...env, TERM: 'xterm', SHELL: '/bin/bash' },
    cwd: env['HOME'],
  });
  let screen = '';
  let look: (() => void) | undefined;
  child.stdout.on('data', (bytes: Buffer) => {
    screen += bytes.toString();
    look?.();
  });
  const ended = new Promise<string>((resolve) => child.once('close', () => resolve(screen)));
  return {
    pid: child.pid ?? 0,
    screen: () => screen,
    type: (keys) => void child.stdin.write(keys),
    end: () => ended,
    until: (pattern) =>
      new Promise((resolve, reject) => {
        look = () => {
          if (pattern.test(screen)) resolve();
        };
        look();
        void ended.then(() => reject(new Error(`${pattern} was never on the screen:\n${screen}`)));
      }),
  };
}

export const someId = '6f1c2b3a-1111-4111-8111-111111111111';
const since = '2026-11-23T07:00:00.000Z';

export function someMachine(changes: Partial<Machine> = {}): Machine {
  return {
    id: someId,
    name: 'tiny',
    state: { name: 'stopped', since },
    guestOs: 'tiny',
    architecture: 'x86_64',
    vcpus: 1,
    memory: 256 * 2 ** 20,
    display: true,
    directory: `/data/machines/${someId}`,
    definition: null,
    run: null,
    pending: [],
    ...changes,
  };
}

export function someTask(changes: Partial<Task> = {}): Task {
  return {
    id: 'task-1',
    what: 'Create tiny',
    state: 'running',
    step: '',
    fraction: null,
    bytes: null,
    secondsLeft: null,
    startedAt: since,
    endedAt: null,
    machineId: null,
    error: null,
    ...changes,
  };
}
