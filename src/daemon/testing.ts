// SPDX-License-Identifier: Apache-2.0
//
// What the tests of this room share: a whole server around an engine that only knows what a test gives it.
import { mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { Writable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { pino } from 'pino';
import { PhyllomeError } from '../contract/errors.ts';
import { apiPrefix } from '../contract/operations.ts';
import type { Task } from '../contract/task.ts';
import type { Engine } from '../engine/engine.ts';
import { createEventStream, type EventStream } from '../engine/event-stream.ts';
import { startServer, type ServerParts } from './server.ts';

interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
  /** The body, parsed */
  json: any;
}

export interface Question {
  method?: string;
  headers?: Record<string, string>;
  /** Sent as JSON unless it is a text */
  body?: unknown;
}

export interface TestServer extends AsyncDisposable {
  address: string;
  port: number;
  socketPath: string;
  token: string;
  events: EventStream;
  /** All lines of the log so far */
  log(): string;
  stops: number;
  /** Asks through the unix socket */
  local(path: string, question?: Question): Promise<Answer>;
  /** Asks over TCP, without a token unless `headers` hold one */
  tcp(path: string, question?: Question): Promise<Answer>;
  /** Signs a browser in by a link. @returns its cookie */
  signIn(): Promise<string>;
  close(): Promise<void>;
}

/** An engine that knows the given functions; any other call is a failure of the test. */
export function fakeEngine(functions: Partial<Engine> = {}): Engine {
  const events = createEventStream();
  const known: Partial<Engine> = { events, listMachines: () => [], ...functions };
  return new Proxy(known, {
    get: (target, name) => {
      const found = target[name as keyof Engine];
      // A promise asks whatever it is resolved with for its "then".
      if (found === undefined && name !== 'then')
        throw new TypeError(`the test did not expect a call of ${String(name)}`);
      return found;
    },
  }) as Engine;
}

export async function serve(
  functions: Partial<Engine> = {},
  parts: Partial<ServerParts> = {},
): Promise<TestServer> {
  const directory = await mkdtemp(join(tmpdir(), 'ph-'));
  const socketPath = join(directory, 'run', 'service.sock');
  const token = 'T'.repeat(43);
  const lines: string[] = [];
  const sink = new Writable({
    write(line: Buffer, _encoding, done) {
      lines.push(line.toString());
      done();
    },
  });
  const engine = fakeEngine(functions);
  const server = await startServer({
    engine,
    service: { version: '1.2.3', pid: 42, startedAt: '2026-01-01T00:00:00.000Z', dataDirectory: '/data' },
    socketPath,
    port: 0,
    token,
    access: {
      settings: join(directory, 'access.json'),
      sessions: join(directory, 'sessions.json'),
      certificate: join(directory, 'page-certificate.pem'),
      onlyPort: () => null,
      root: () => ({ ask: () => Promise.reject(new PhyllomeError('os-only')) }),
    },
    log: pino({ level: 'debug' }, sink),
    onStop: () => (test.stops += 1),
    ...parts,
  });
  const port = Number(new URL(server.address).port);
  const test: TestServer = {
    address: server.address,
    port,
    socketPath,
    token,
    events: engine.events,
    log: () => lines.join(''),
    stops: 0,
    local: (path, question) => ask({ socketPath, path }, question),
    tcp: (path, question) => ask({ host: '127.0.0.1', port, path }, question),
    async signIn() {
      const { url } = (await test.local(`${apiPrefix}/tickets`, { method: 'POST' })).json as { url: string };
      const opened = await test.tcp(url.slice(server.address.length));
      return (opened.headers['set-cookie']?.[0] ?? '').split(';', 1)[0] as string;
    },
    close: () => server.close(),
    async [Symbol.asyncDispose]() {
      await server.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
  return test;
}

interface Target {
  socketPath?: string;
  host?: string;
  port?: number;
  path: string;
}

async function ask(target: Target, { method = 'GET', headers = {}, body }: Question = {}): Promise<Answer> {
  const content = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
  const type = content === undefined ? {} : { 'content-type': 'application/json' };
  const reply = await new Promise<import('node:http').IncomingMessage>((resolve, reject) => {
    const asked = request({ ...target, method, headers: { ...type, ...headers }, agent: false }, resolve);
    asked.once('error', reject);
    asked.end(content);
  });
  const answer = await text(reply);
  return {
    status: reply.statusCode ?? 0,
    headers: reply.headers,
    text: answer,
    get json() {
      return JSON.parse(answer);
    },
  };
}

export const someTask: Task = {
  id: 'task-1',
  what: 'Create tiny',
  state: 'running',
  step: '',
  fraction: null,
  bytes: null,
  secondsLeft: null,
  startedAt: '2026-01-01T00:00:00.000Z',
  endedAt: null,
  machineId: null,
  error: null,
};

/** Waits for something that happens by itself, as long as the test may take. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await delay(2);
}
