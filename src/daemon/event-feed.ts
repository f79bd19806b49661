// SPDX-License-Identifier: Apache-2.0
import type { ServerResponse } from 'node:http';
import type { PhyllomeEvent } from '../contract/event.ts';
import type { EventStream } from '../engine/event-stream.ts';

// How often a quiet stream shows that it lives (ms): connections without traffic are cut off after 30 s or
// more by whatever lies between. Only runs while somebody listens.
const heartbeatInterval = 25_000;
// A client that leaves more than this unread (bytes) has stopped reading; it may come back and continue. The
// thousand events that are remembered are well below, so a replay alone never reaches it.
const unreadLimit = 4 * 2 ** 20;

/** Hands the events of the engine to any number of HTTP clients (server-sent events). */
export interface EventFeed {
  /** Answers a request with the stream, from after `lastId` when that is given, until either side ends it. */
  open(response: ServerResponse, lastId: number | undefined): void;
  /** Ends all streams. */
  close(): void;
}

export function createEventFeed(events: EventStream): EventFeed {
  const responses = new Set<ServerResponse>();
  return {
    open(response, lastId) {
      response.writeHead(200, {
        'content-type': 'text/event-stream; charset=utf-8',
        // When the stream ends the connection has no further use.
        connection: 'close',
      });
      response.flushHeaders();
      const send = (text: string): void => {
        response.write(text);
        if (response.writableLength > unreadLimit) response.destroy();
      };
      const unsubscribe = events.subscribe((event) => send(eventText(event)), lastId);
      const heartbeat = setInterval(() => send(':\n\n'), heartbeatInterval);
      responses.add(response);
      response.once('close', () => {
        unsubscribe();
        clearInterval(heartbeat);
        responses.delete(response);
      });
    },
    close() {
      for (const response of responses) response.end();
    },
  };
}

// JSON holds no line breaks, so one data line is enough.
function eventText(event: PhyllomeEvent): string {
  return `id: ${event.id}\ndata: ${JSON.stringify(event)}\n\n`;
}
