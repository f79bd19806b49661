// SPDX-License-Identifier: Apache-2.0
import { randomToken } from './token.ts';

// Long enough for a slow PC to start a browser for the first time, as the desktop image does (ms).
const lifetime = 5 * 60_000;

/**
 * Tickets sign one browser in, once. They stand in for the token in a link, because links end up where
 * secrets should not: in the history of the browser, in "ps", on a shared screen.
 */
export interface Tickets {
  create(): string;
  /** Uses a ticket up. @returns whether it was good */
  redeem(ticket: string): boolean;
}

export function createTickets(now: () => number = Date.now): Tickets {
  const expiry = new Map<string, number>();
  return {
    create() {
      for (const [ticket, end] of expiry) if (end <= now()) expiry.delete(ticket);
      const ticket = randomToken();
      expiry.set(ticket, now() + lifetime);
      return ticket;
    },
    redeem(ticket) {
      const end = expiry.get(ticket);
      expiry.delete(ticket);
      return end !== undefined && now() < end;
    },
  };
}
