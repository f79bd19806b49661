// SPDX-License-Identifier: Apache-2.0
import type { Server, Socket } from 'node:net';
import { normalAddress } from './host-names.ts';
import { placeOf } from './tries.ts';

// A browser keeps six or so, and one for each screen it shows. More would only be held open by somebody who wants others to
// get none.
const usual = { all: 256, fromOnePlace: 64 };

/**
 * Closes at once what comes beyond the limits, before anything is spent on it.
 * @returns the connections that are open
 */
export function limitConnections(server: Server, limits = usual): ReadonlySet<Socket> {
  const open = new Set<Socket>();
  const places = new Map<string, number>();
  server.on('connection', (socket: Socket) => {
    const place = placeOf(normalAddress(socket.remoteAddress ?? ''));
    const there = places.get(place) ?? 0;
    if (open.size >= limits.all || there >= limits.fromOnePlace) {
      socket.destroy();
      return;
    }
    open.add(socket);
    places.set(place, there + 1);
    socket.once('close', () => {
      open.delete(socket);
      const left = (places.get(place) ?? 1) - 1;
      if (left > 0) places.set(place, left);
      else places.delete(place);
    });
  });
  return open;
}
