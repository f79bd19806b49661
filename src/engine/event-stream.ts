// SPDX-License-Identifier: Apache-2.0
import type { EventBody, PhyllomeEvent } from '../contract/event.ts';

// How many past events can be asked for again. A page that was away for longer loads everything anew.
const remembered = 1000;

export interface EventStream {
  emit(body: EventBody): void;
  /**
   * Calls `listener` for every event from now on, in order, and first for those after `lastId`.
   * When those are no longer known (or belong to an earlier service), it hears `events.lost` instead.
   * @returns ends the subscription
   */
  subscribe(listener: (event: PhyllomeEvent) => void, lastId?: number): () => void;
}

/**
 * The one ordered stream of events.
 *
 * Numbers begin at the start time of the service (ms since 1970), so that a number from an earlier service
 * is recognised as old rather than taken for one of ours.
 */
export function createEventStream(now: () => Date = () => new Date()): EventStream {
  const past: PhyllomeEvent[] = [];
  const listeners = new Set<(event: PhyllomeEvent) => void>();
  const first = now().getTime();
  let next = first;
  const stamp = (body: EventBody, id: number) => ({ ...body, id, time: now().toISOString() });

  return {
    emit(body) {
      const event = stamp(body, next);
      next += 1;
      past.push(event);
      if (past.length > remembered) past.shift();
      for (const listener of listeners) listener(event);
    },
    subscribe(listener, lastId) {
      if (lastId !== undefined) {
        const oldest = past[0]?.id ?? next;
        if (lastId < oldest - 1 || lastId < first - 1 || lastId >= next)
          listener(stamp({ type: 'events.lost' }, next - 1));
        else for (const event of past) if (event.id > lastId) listener(event);
      }
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
