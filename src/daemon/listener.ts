// SPDX-License-Identifier: Apache-2.0
import type { IncomingMessage, RequestListener, Server, ServerOptions } from 'node:http';
import type { Duplex } from 'node:stream';
import { PhyllomeError } from '../contract/errors.ts';
import { errorCode } from '../host/files.ts';
import { badRequest, sendFailure, writeFailure } from './failure.ts';
import { createServer } from './http.ts';
import { securityHeaders } from './security-headers.ts';

export interface ListenerParts {
  /** Throws for whoever may not come in; asked before anything else looks at a request */
  admit(request: IncomingMessage): void;
  request: RequestListener;
  upgrade(request: IncomingMessage, connection: Duplex, head: Buffer): void;
  /** Makes the server; one of plain HTTP when left out */
  create?(options: ServerOptions): Server;
}

/** An HTTP server, not listening yet, that lets pass what is admitted and says properly what is not. */
export function createListener({
  admit,
  request: handle,
  upgrade,
  create = createServer,
}: ListenerParts): Server {
  const server = create({
    // A request without Host gets our answer, not Node's empty one.
    requireHostHeader: false,
    // An upload takes as long as it takes. Node's limit (five minutes) would count for a whole request; without it
    // the one for headers has to be set, too.
    requestTimeout: 0,
    headersTimeout: 60_000,
    // A client that sends its next request just when an idle connection is closed hears that nobody is there. With Node's
    // 5 s that is a moment at which people do things: when a guest has started, say.
    keepAliveTimeout: 72_000,
    // Other upgrades (HTTP/2) are only an offer, so those requests are answered as they are.
    shouldUpgradeCallback: (request) => request.headers.upgrade?.toLowerCase() === 'websocket',
  });
  server.on('request', (request, response) => {
    for (const [name, value] of Object.entries(securityHeaders)) response.setHeader(name, value);
    const refusal = refusalOf(admit, request);
    if (refusal === null) handle(request, response);
    else sendFailure(response, refusal);
  });
  server.on('upgrade', (request, connection, head) => {
    // A client that goes away while it waits is nobody's mistake.
    connection.on('error', () => connection.destroy());
    const refusal = refusalOf(admit, request);
    if (refusal === null) upgrade(request, connection, head);
    else writeFailure(connection, refusal);
  });
  server.on('clientError', (error, connection) => {
    if (errorCode(error) === 'ECONNRESET') connection.destroy();
    else writeFailure(connection, badRequest(error));
  });
  return server;
}

function refusalOf(admit: ListenerParts['admit'], request: IncomingMessage): PhyllomeError | null {
  try {
    admit(request);
    return null;
  } catch (thrown) {
    return PhyllomeError.from(thrown);
  }
}
