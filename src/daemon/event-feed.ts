// SPDX-License-Identifier: Apache-2.0
import type { ServerResponse } from 'node:http';
import type { Engine } from '../engine/engine.ts';
import { createSse } from './sse.ts';

/** The streams of the engine for any number of HTTP clients (server-sent events). */
export interface EventFeed {
  /**
   * Answers a request with the events, from after `lastId` when that is given.
   * @param screen whoever listens is the screen of this PC
   */
  open(response: ServerResponse, lastId: number | undefined, screen?: boolean): void;
  /** Answers a request with what machines do, every two seconds. */
  openLoad(response: ServerResponse): void;
  /** Ends all streams. */
  close(): void;
}

export function createEventFeed(engine: Pick<Engine, 'events' | 'watchLoad' | 'watchScreen'>): EventFeed {
  const sse = createSse();
  return {
    open: (response, lastId, screen = false) =>
      sse.open(response, (send) => {
        const stops = [
          engine.events.subscribe((event) => send(event, event.id), lastId),
          ...(screen ? [engine.watchScreen()] : []),
        ];
        return () => stops.forEach((stop) => stop());
      }),
    openLoad: (response) => sse.open(response, (send) => engine.watchLoad((report) => send(report))),
    close: () => sse.close(),
  };
}
