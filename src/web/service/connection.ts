// SPDX-License-Identifier: Apache-2.0
import { QueryClient } from '@tanstack/react-query';
import type { PhyllomeEvent } from '../../contract/event.ts';
import { streamPaths } from '../../contract/operations.ts';
import { apiPath, call, ServiceError } from './api.ts';
import { applyEvent, forgetEverything } from './events.ts';
import { createLoadFeed, type LoadFeed } from './load.ts';
import { createSignal, type Signal } from './signal.ts';
import { isKiosk } from '../kiosk/kiosk-mode.ts';

/** Whether the page hears of changes; `signed-out` needs a password or a link, `locked` the password. */
type Link = 'connecting' | 'connected' | 'lost' | 'signed-out' | 'locked';

export interface Connection {
  queries: QueryClient;
  link: Signal<Link>;
  load: LoadFeed;
  /** Goes on after a lock */
  resume(): void;
  /** Calls `listener` for every event of the service; returns what ends that. */
  listen(listener: (event: PhyllomeEvent) => void): () => void;
}

// How long after a loss the page tries again (ms): at once at first, then not so often.
const retries = [250, 500, 1000, 2000, 4000];

/** Listens to the service for as long as the page is open, and keeps what was loaded up to date. */
export function connect(): Connection {
  const queries = new QueryClient({
    defaultOptions: {
      // What is loaded stays right, because every change is told by an event; nothing is asked twice.
      queries: { staleTime: Infinity, retry: false, refetchOnWindowFocus: false, refetchOnReconnect: false },
      mutations: { retry: false },
    },
  });
  const link = createSignal<Link>('connecting');
  const listeners = new Set<(event: PhyllomeEvent) => void>();
  let lastId: number | undefined;
  let losses = 0;

  const open = (): void => {
    const source = new EventSource(
      apiPath(
        streamPaths.events,
        {},
        { ...(lastId !== undefined && { lastEventId: lastId }), ...(isKiosk() && { for: 'screen' }) },
      ),
    );
    source.addEventListener('open', () => {
      // What was loaded before the first connection, or while there was none, may have changed unheard.
      if (lastId === undefined) forgetEverything(queries);
      losses = 0;
      link.set('connected');
    });
    source.addEventListener('message', ({ data }: MessageEvent<string>) => {
      const event = JSON.parse(data) as PhyllomeEvent;
      lastId = event.id;
      applyEvent(queries, event);
      for (const listener of listeners) listener(event);
    });
    // The browser's own attempts stop after some kinds of failure, and do not say whether we are signed out.
    source.addEventListener('error', () => {
      source.close();
      void examine();
    });
  };

  const examine = async (): Promise<void> => {
    try {
      await call('service');
    } catch (error) {
      if (error instanceof ServiceError && error.status === 401) {
        link.set('signed-out');
        return;
      }
      if (error instanceof ServiceError && error.report.code === 'locked') {
        link.set('locked');
        return;
      }
      link.set('lost');
    }
    setTimeout(open, retries[Math.min(losses, retries.length - 1)]);
    losses += 1;
  };

  open();
  return {
    queries,
    link,
    load: createLoadFeed(),
    resume() {
      if (link.get() !== 'locked') return;
      link.set('connecting');
      forgetEverything(queries);
      open();
    },
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
