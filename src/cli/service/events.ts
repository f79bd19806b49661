// SPDX-License-Identifier: Apache-2.0
import type { IncomingMessage } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { PhyllomeEvent } from '../../contract/event.ts';
import { address, type Client } from './client.ts';
import { PhyllomeError } from '../../contract/errors.ts';
import { streamPaths } from '../../contract/operations.ts';
import { createSseReader } from './sse.ts';

// How a lost service is looked for again: a restart takes about a second.
const usualPatience = { times: 50, milliseconds: 100 };

export interface EventFeed extends AsyncIterable<PhyllomeEvent>, Disposable {
  /** Ends the feed; a waiting reader gets no further event */
  close(): void;
}

/**
 * Listens to the events of the service. When this resolves the service has taken the subscription, so
 * nothing that happens from then on is missed; after a break the feed goes on where it was.
 *
 * The reader gets `service-unreachable` thrown when the service stays away.
 */
export async function openEvents(client: Client, patience = usualPatience): Promise<EventFeed> {
  const controller = new AbortController();
  const { signal } = controller;
  const connect = (lastId: string): Promise<IncomingMessage> =>
    client.open(
      address(streamPaths.events),
      { accept: 'text/event-stream', ...(lastId !== '' && { 'last-event-id': lastId }) },
      signal,
    );
  const first = await connect('');

  async function* read(): AsyncGenerator<PhyllomeEvent> {
    let lastId = '';
    for (let reply = first; ; reply = await reconnect(() => connect(lastId), patience, signal)) {
      const next = createSseReader();
      reply.setEncoding('utf8');
      try {
        for await (const piece of reply as AsyncIterable<string>) {
          for (const message of next(piece)) {
            lastId = message.id;
            yield JSON.parse(message.data) as PhyllomeEvent;
          }
        }
      } catch (error) {
        if (signal.aborted) return;
        if (error instanceof SyntaxError) throw error;
      }
      if (signal.aborted) return;
    }
  }

  const close = () => {
    controller.abort();
    // An answer that nobody has begun to read would report the abort to nobody.
    first.on('error', () => undefined);
    first.destroy();
  };
  return { close, [Symbol.dispose]: close, [Symbol.asyncIterator]: read };
}

async function reconnect(
  connect: () => Promise<IncomingMessage>,
  patience: typeof usualPatience,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await connect();
    } catch (error) {
      const lost = error instanceof PhyllomeError && error.code === 'service-unreachable';
      if (!lost || attempt === patience.times) throw error;
      await delay(patience.milliseconds, undefined, { signal });
    }
  }
}
