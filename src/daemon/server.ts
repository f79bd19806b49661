// SPDX-License-Identifier: Apache-2.0
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { createServer, type AddressInfo, type Server } from 'node:net';
import type { Duplex } from 'node:stream';
import type { FastifyBaseLogger } from 'fastify';
import type { ServiceInfo } from '../contract/api.ts';
import { PhyllomeError } from '../contract/errors.ts';
import type { Engine } from '../engine/engine.ts';
import { errorCode } from '../host/files.ts';
import { createApp } from './app.ts';
import { createDoorkeeping, type AccessFiles } from './access/doorkeeping.ts';
import { createGate, type Visitor } from './auth.ts';
import { doorHere } from './door.ts';
import { createEventFeed } from './event-feed.ts';
import { createHandlers } from './handlers.ts';
import { createListener } from './listener.ts';
import { createTickets, type Tickets } from './tickets.ts';
import { listenOnSocket } from './unix-socket.ts';
import type { WebSockets } from './web-sockets.ts';

// Only programs of this PC reach it. The network has a listener of its own (access/network-door.ts).
const loopback = '127.0.0.1';
// What is under way when the service ends may still finish (ms); the whole end may take two seconds.
const grace = 1000;

export interface ServerParts {
  engine: Engine;
  /** What the service says about itself; where it listens is added */
  service: Omit<ServiceInfo, 'address'>;
  socketPath: string;
  /** 0: any that is free */
  port: number;
  token: string;
  access: AccessFiles;
  log: FastifyBaseLogger;
  /** Called when a client asks the service to end */
  onStop(): void;
  tickets?: Tickets;
}

export interface RunningServer {
  /** http://127.0.0.1:PORT */
  address: string;
  /** Ends all streams at once and requests under way after a second at the latest. */
  close(): Promise<void>;
}

/**
 * Serves the API on the unix socket, without a token, on the loopback address, with one or for browsers that are signed in, and
 * on the network when that is switched on.
 * @throws PhyllomeError `port-taken`, `service-already-running`, `unsafe-directory`
 */
export async function startServer(parts: ServerParts): Promise<RunningServer> {
  const { engine, log, tickets = createTickets() } = parts;
  const feed = createEventFeed(engine);
  const visitors = new WeakMap<IncomingMessage, Visitor>();
  const visitorOf = (request: IncomingMessage): Visitor => {
    const visitor = visitors.get(request);
    if (visitor === undefined) throw new Error('a request that nobody admitted');
    return visitor;
  };
  const doorkeeping = createDoorkeeping({
    files: parts.access,
    tickets,
    admitted: (request, visitor) => void visitors.set(request, visitor),
    listen: () => listen,
    changed: () => engine.events.emit({ type: 'access.changed' }),
    warn: (text) => log.warn(text),
  });
  const app = await createApp({
    engine,
    feed,
    log,
    version: parts.service.version,
    handlers: createHandlers(engine, {
      info: () => ({ ...parts.service, address }),
      // The reply goes out first.
      stop: () => setImmediate(() => parts.onStop()),
      createLink: () => `${address}/open?ticket=${tickets.create()}`,
      access: doorkeeping.access,
    }),
    visitorOf,
    pages: doorkeeping.pages,
  });

  let webSockets: Promise<WebSockets> | null = null;
  const upgrade = (request: IncomingMessage, connection: Duplex, head: Buffer): void => {
    // Loaded with the first WebSocket: a service that only lists and starts machines does without.
    webSockets ??= import('./web-sockets.ts').then((it) => it.createWebSockets(engine, log));
    void webSockets.then((it) => it.upgrade(request, connection, head));
  };

  const listen = { request: app.routing, upgrade };
  const loop = createListener({
    ...listen,
    admit: (request) => void visitors.set(request, gate.admit(request)),
  });
  const local = createListener({
    ...listen,
    admit: (request) => void visitors.set(request, { kind: 'local' }),
  });
  const port = await listenOnLoopback(loop, parts.port);
  const address = `http://${loopback}:${port}`;
  const gate = createGate({ door: doorHere(port), sessions: doorkeeping.sessions, token: parts.token });
  try {
    // Last, because whoever finds the socket expects an answer.
    await listenOnSocket(local, parts.socketPath);
  } catch (error) {
    loop.close();
    throw error;
  }
  doorkeeping.begin();

  return {
    address,
    async close() {
      const left = doorkeeping.close();
      const servers = [loop, local];
      const closed = servers.map((server) => new Promise((resolve) => server.close(resolve)));
      feed.close();
      const sockets = await webSockets;
      sockets?.close();
      const cutOff = setTimeout(() => {
        sockets?.terminate();
        for (const server of servers) server.closeAllConnections();
      }, grace);
      await Promise.all([left, ...closed]);
      clearTimeout(cutOff);
      await app.close();
    },
  };
}

/** @throws PhyllomeError `port-taken` */
export async function requireFreePort(port: number): Promise<void> {
  const server = createServer();
  await listenOnLoopback(server, port);
  await new Promise((resolve) => server.close(resolve));
}

async function listenOnLoopback(server: Server, port: number): Promise<number> {
  try {
    server.listen(port, loopback);
    await once(server, 'listening');
  } catch (cause) {
    if (errorCode(cause) !== 'EADDRINUSE') throw cause;
    throw new PhyllomeError('port-taken', { address: `${loopback}:${port}` }, { cause });
  }
  return (server.address() as AddressInfo).port;
}
