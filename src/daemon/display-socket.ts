// SPDX-License-Identifier: Apache-2.0
import { connect, type Socket } from 'node:net';
import { pipeline } from 'node:stream/promises';
import { createWebSocketStream } from 'ws';
import { PhyllomeError } from '../contract/errors.ts';
import type { Begin, Opening } from './web-sockets.ts';

/**
 * The display of a machine as a WebSocket: the bytes of RFB (VNC) as they are, every client a viewer of its
 * own. Whichever side is slow slows the other down; nothing piles up here.
 *
 * @throws PhyllomeError when the machine does not run, has no display, or its VMM does not answer
 */
export async function openDisplay({ engine, ref, connection }: Opening): Promise<Begin> {
  const display = await connectTo(engine.displaySocket(ref), ref);
  // The client may leave before it has its WebSocket, or never be able to have one.
  if (connection.destroyed) display.destroy();
  else connection.once('close', () => display.destroy());
  return (client) => {
    const bytes = createWebSocketStream(client);
    // Either side may leave at any moment: that ends the other, and is nobody's mistake.
    pipeline(bytes, display, bytes).catch(() => client.terminate());
  };
}

function connectTo(path: string, name: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(path);
    socket.once('connect', () => resolve(socket));
    // Stays on, so that an error before the pipeline takes over is heard by somebody.
    socket.on('error', (cause) => {
      reject(new PhyllomeError('vmm-gone', { name, reason: 'its display does not answer' }, { cause }));
    });
  });
}
