// SPDX-License-Identifier: Apache-2.0
import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { PhyllomeError } from '../contract/errors.ts';
import { isPageFile } from './page-files.ts';

/** Who may come in over TCP. Whoever reaches the unix socket is the user already and is not asked. */
export interface Gate {
  /**
   * Lets a request or WebSocket handshake pass.
   * @throws PhyllomeError `origin-refused`, `not-authorised`
   */
  admit(request: IncomingMessage): void;
  /** Does it carry the token, as a header or as a cookie? */
  signedIn(request: IncomingMessage): boolean;
  /** The Set-Cookie header that signs a browser in, until it is closed */
  readonly cookie: string;
}

// Pages that decide by themselves what a stranger sees. Compared with the address as it was sent, before any
// decoding: another spelling of these is only asked for the token in vain.
const openPages = new Set(['/', '/open']);

export function createGate(port: number, token: string): Gate {
  const hosts = new Set([`127.0.0.1:${port}`, `localhost:${port}`, `[::1]:${port}`]);
  const origins = new Set([...hosts].map((host) => `http://${host}`));
  // Cookies belong to a host and not to a port: two services of one PC must not overwrite each other's.
  const cookieName = `phyllome-${port}`;
  const expected = digest(token);
  const isToken = (given: string): boolean => timingSafeEqual(digest(given), expected);

  const signedIn = ({ headers }: IncomingMessage): boolean => {
    const bearer = /^Bearer (\S+)$/i.exec(headers.authorization ?? '')?.[1];
    const cookies = (headers.cookie ?? '').split(';').map((cookie) => cookie.trim());
    const values = cookies.flatMap((cookie) => {
      return cookie.startsWith(`${cookieName}=`) ? [cookie.slice(cookieName.length + 1)] : [];
    });
    return [...values, ...(bearer === undefined ? [] : [bearer])].some(isToken);
  };

  return {
    signedIn,
    cookie: `${cookieName}=${token}; HttpOnly; SameSite=Strict; Path=/`,
    admit(request) {
      const { host, origin } = request.headers;
      // A page of another site that points its own name at 127.0.0.1 (DNS rebinding) shows by the Host header,
      // one that calls us directly by the Origin header, which browsers set and pages cannot change.
      if (host === undefined || !hosts.has(host) || (origin !== undefined && !origins.has(origin))) {
        throw new PhyllomeError('origin-refused', { origin: origin ?? 'a program', host: host ?? 'no host' });
      }
      const path = pathOf(request);
      if (openPages.has(path) || isPageFile(path) || signedIn(request)) return;
      throw new PhyllomeError('not-authorised');
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
