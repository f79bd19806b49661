// SPDX-License-Identifier: Apache-2.0
import type { ServerResponse } from 'node:http';

// How often a quiet stream shows that it lives (ms): connections without traffic are cut off after 30 s or
// more by whatever lies between. Only runs while somebody listens.
const heartbeatInterval = 25_000;
// A client that leaves more than this unread (bytes) has stopped reading; it may come back and continue. The
// thousand events that are remembered are well below, so a replay alone never reaches it.
const unreadLimit = 4 * 2 ** 20;

/** Server-sent events for any number of HTTP clients. */
export interface Sse {
  /**
   * Answers a request with a stream, until either side ends it.
   * @param subscribe gets what sends one message; returns what ends the subscription
   */
  open(
    response: ServerResponse,
    subscribe: (send: (message: object, id?: number) => void) => () => void,
  ): void;
  /** Ends all streams. */
  close(): void;
}

export function createSse(): Sse {
  const responses = new Set<ServerResponse>();
  return {
    open(response, subscribe) {
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
      const unsubscribe = subscribe((message, id) => send(messageText(message, id)));
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
function messageText(message: object, id: number | undefined): string {
  return `${id === undefined ? '' : `id: ${id}\n`}data: ${JSON.stringify(message)}\n\n`;
}
