// SPDX-License-Identifier: Apache-2.0
//
// The small HTTP server (micro_http) of Cloud Hypervisor and Firecracker, for the stand-ins of both.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

// The eleventh connection is turned away.
const mostConnections = 10;
const full =
  'HTTP/1.1 503 \r\nServer: Firecracker API\r\nConnection: keep-alive\r\nContent-Length: 40\r\n\r\n{ "error": "Too many open connections" }';

export interface RestServer {
  listen(socket: string): Promise<void>;
  close(): Promise<void>;
}

/**
 * @param answer gets the whole body of each request
 * @param onTurnedAway called for each connection that found no place
 */
export function createRestServer(
  answer: (request: IncomingMessage, response: ServerResponse, text: string) => void,
  onTurnedAway: () => void = () => {},
): RestServer {
  const connections = new Set<Socket>();
  const server = createServer((request, response) => {
    let text = '';
    request.setEncoding('utf8').on('data', (piece: string) => (text += piece));
    request.on('end', () => answer(request, response, text));
  });
  server.on('connection', (socket) => {
    if (connections.size >= mostConnections) {
      onTurnedAway();
      socket.end(full);
      return;
    }
    connections.add(socket);
    socket.once('close', () => connections.delete(socket)).on('error', () => {});
  });
  return {
    listen: (socket) => new Promise<void>((listening) => void server.listen(socket, listening)),
    async close() {
      for (const socket of connections) socket.destroy();
      if (server.listening) await new Promise((closed) => server.close(closed));
    },
  };
}

/** Begins an answer and goes away in the middle of it. */
export function answerHalf(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': 100 });
  response.write('{"state": "Runn');
  setImmediate(() => response.destroy());
}
