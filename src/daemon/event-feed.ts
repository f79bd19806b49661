// SPDX-License-Identifier: Apache-2.0
import type { ServerResponse } from 'node:http';
import type { Engine } from '../engine/engine.ts';
import { createSse } from './sse.ts';

/** The streams of the engine for any number of HTTP clients (server-sent events). */
export interface EventFeed {
  /** Answers a request with the events, from after `lastId` when that is given. */
  open(response: ServerResponse, lastId: number | undefined): void;
  /** Answers a request with what machines do, every two seconds. */
  openLoad(response: ServerResponse): void;
  /** Ends all streams. */
  close(): void;
}

export function createEventFeed(engine: Pick<Engine, 'events' | 'watchLoad'>): EventFeed {
  const sse = createSse();
  return {
    open: (response, lastId) =>
      sse.open(response, (send) => engine.events.subscribe((event) => send(event, event.id), lastId)),
    openLoad: (response) => sse.open(response, (send) => engine.watchLoad((report) => send(report))),
    close: () => sse.close(),
  };
}
