// SPDX-License-Identifier: Apache-2.0
import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { PhyllomeError } from '../contract/errors.ts';
import { apiPrefix, operations } from '../contract/operations.ts';
import type { SessionRecord } from './access/session-file.ts';
import type { Sessions } from './access/sessions.ts';
import type { Door } from './door.ts';
import { isPageFile } from './page-files.ts';

/** Who asks. Whoever reaches the unix socket is the user already and is not asked; `door` says by which listener others came. */
export type Visitor =
  | { kind: 'local' }
  | { kind: 'token' | 'stranger'; door: Door; request: IncomingMessage }
  | { kind: 'browser'; door: Door; request: IncomingMessage; session: SessionRecord };

/** Who may come in over TCP. */
export interface Gate {
  /**
   * Lets a request or WebSocket handshake pass, and says who it is from.
   * @throws PhyllomeError `origin-refused`, `not-authorised`, `locked`
   */
  admit(request: IncomingMessage): Visitor;
}

// Pages that decide by themselves what a stranger sees. Compared with the address as it was sent, before any
// decoding: another spelling of these is only asked for the token in vain.
const openPages = new Set(['/', '/open', '/sign-in']);

// All that a locked browser may ask for.
const whileLocked = new Set(
  [operations.unlockSession, operations.signOut].map(([method, path]) => `${method} ${apiPrefix}${path}`),
);

export interface GateParts {
  door: Door;
  sessions: Pick<Sessions, 'find' | 'follow'>;
  /** For programs of this PC; null where it lets nobody in */
  token: string | null;
}

export function createGate({ door, sessions, token }: GateParts): Gate {
  const expected = token === null ? null : digest(token);

  const holdsToken = ({ headers }: IncomingMessage): boolean => {
    const bearer = /^Bearer (\S+)$/i.exec(headers.authorization ?? '')?.[1];
    return expected !== null && bearer !== undefined && timingSafeEqual(digest(bearer), expected);
  };
  const visitorOf = (request: IncomingMessage): Visitor => {
    if (holdsToken(request)) return { kind: 'token', door, request };
    for (const secret of door.secrets(request)) {
      const session = sessions.find(secret, door.network, door.from(request));
      if (session === null) continue;
      // What runs over this connection ends with the session.
      sessions.follow(session, request.socket);
      return { kind: 'browser', door, request, session };
    }
    return { kind: 'stranger', door, request };
  };

  return {
    admit(request) {
      door.requireOurs(request);
      const visitor = visitorOf(request);
      const path = pathOf(request);
      if (openPages.has(path) || isPageFile(path)) return visitor;
      if (visitor.kind === 'stranger') throw new PhyllomeError('not-authorised');
      if (
        visitor.kind === 'browser' &&
        visitor.session.locked &&
        !whileLocked.has(`${request.method} ${path}`)
      )
        throw new PhyllomeError('locked');
      return visitor;
    },
  };
}

/** The address without its query, which may hold a ticket: the only part of it that may be logged or shown. */
export function pathOf(request: { url?: string | undefined }): string {
  return (request.url ?? '').split(/[?#]/, 1)[0] as string;
}

// Equal lengths for the comparison that takes the same time wherever two texts differ.
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
