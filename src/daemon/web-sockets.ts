// SPDX-License-Identifier: Apache-2.0
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { FastifyBaseLogger } from 'fastify';
import type { TSchema } from '../contract/schema.ts';
import { WebSocketServer, type WebSocket } from 'ws';
import { PhyllomeError } from '../contract/errors.ts';
import { apiPrefix, streamPaths } from '../contract/operations.ts';
import type { Engine } from '../engine/engine.ts';
import { pathOf } from './auth.ts';
import { openDisplay } from './display-socket.ts';
import { badEncoding, failureOf, writeFailure } from './failure.ts';
import { requestValidator, type RequestPart } from './request-validator.ts';
import { openSerial } from './serial-socket.ts';
import { displayQuery, machineParams, serialQuery } from './stream-parameters.ts';

// The largest message a client may send (bytes): a long text that is pasted into a console.
const maxPayload = 2 ** 20;

/** What a client asked for, checked. */
export interface Opening {
  engine: Engine;
  ref: string;
  query: Record<string, unknown>;
  /** The connection that is about to become a WebSocket; it may end before it does */
  connection: Duplex;
}

// Each checks the machine, and gives back what to do with the WebSocket once that is open.
const endpoints: { pattern: RegExp; query: TSchema; open(opening: Opening): Begin | Promise<Begin> }[] = [
  { pattern: patternOf(streamPaths.serial), query: serialQuery, open: openSerial },
  { pattern: patternOf(streamPaths.display), query: displayQuery, open: openDisplay },
];
export type Begin = (client: WebSocket) => void;

export interface WebSockets {
  /** Answers an admitted request to become a WebSocket. Whatever is wrong is said in a plain HTTP reply. */
  upgrade(request: IncomingMessage, connection: Duplex, head: Buffer): Promise<void>;
  /** Tells all clients that the service ends. */
  close(): void;
  /** Cuts off those that did not listen. */
  terminate(): void;
}

export function createWebSockets(engine: Engine, log: FastifyBaseLogger): WebSockets {
  // No compression: it costs more than it saves on one PC. `ws` also turns off Nagle's delay for each.
  const server = new WebSocketServer({ noServer: true, perMessageDeflate: false, maxPayload });
  server.on('wsClientError', (error, connection) => {
    writeFailure(connection, new PhyllomeError('bad-request', { reason: error.message }));
  });

  return {
    async upgrade(request, connection, head) {
      try {
        const { open, ref, query } = findEndpoint(request);
        const begin = await open({ engine, ref, query, connection });
        server.handleUpgrade(request, connection, head, (client) => {
          // What a client does wrong (too long a message, half a character) closes its WebSocket and no more.
          client.on('error', () => {});
          begin(client);
        });
      } catch (thrown) {
        const failure = failureOf(thrown);
        if (failure.status >= 500) log.error({ err: failure, path: pathOf(request) }, failure.message);
        writeFailure(connection, failure);
      }
    },
    close() {
      for (const client of server.clients) client.close(1001, 'The service ends');
    },
    terminate() {
      for (const client of server.clients) client.terminate();
    },
  };
}

function findEndpoint(request: IncomingMessage) {
  const path = pathOf(request);
  for (const { pattern, query, open } of endpoints) {
    const encoded = pattern.exec(path)?.[1];
    if (encoded === undefined) continue;
    const { ref } = check(machineParams, 'params', { ref: decode(encoded) }) as { ref: string };
    const search = new URLSearchParams((request.url ?? '').slice(path.length));
    return { open, ref, query: check(query, 'querystring', Object.fromEntries(search)) };
  }
  throw new PhyllomeError('not-found', { path: `WebSocket ${path}` });
}

function check(schema: TSchema, part: RequestPart, given: unknown): Record<string, unknown> {
  const verdict = requestValidator(schema, part)(given);
  if ('error' in verdict) throw verdict.error;
  return verdict.value as Record<string, unknown>;
}

function decode(encoded: string): string {
  try {
    return decodeURIComponent(encoded);
  } catch (cause) {
    throw new PhyllomeError('bad-request', { reason: badEncoding }, { cause });
  }
}

function patternOf(path: string): RegExp {
  return new RegExp(`^${apiPrefix}${path.replace(':ref', '([^/]+)')}$`);
}
