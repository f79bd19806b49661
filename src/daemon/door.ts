// SPDX-License-Identifier: Apache-2.0
//
// The two ways in over TCP: HTTP on this PC, and HTTPS from the network. Each has its own names and its own cookie.
import type { IncomingMessage } from 'node:http';
import { PhyllomeError } from '../contract/errors.ts';
import { hostNames, normalAddress } from './access/host-names.ts';

export interface Door {
  network: boolean;
  /**
   * A page of another site that points its own name at us (DNS rebinding) shows by the Host header, one that calls us
   * directly by the Origin header, which browsers set and pages cannot change.
   * @throws PhyllomeError `origin-refused`
   */
  requireOurs(request: IncomingMessage): void;
  /** What the cookies of a request say */
  secrets(request: IncomingMessage): string[];
  /** The address a request comes from */
  from(request: IncomingMessage): string;
  /** The Set-Cookie header that signs in the browser that asks */
  cookie(secret: string, request: IncomingMessage): string;
}

/** The address of whoever is on this PC. */
export const thisPc = 'this PC';

/** HTTP on the loopback address, for the browsers and programs of this PC. */
export function doorHere(port: number): Door {
  const hosts = new Set([`127.0.0.1:${port}`, `localhost:${port}`, `[::1]:${port}`]);
  // Cookies belong to a host and not to a port: two services of one PC must not overwrite each other's.
  const name = `phyllome-${port}`;
  return {
    network: false,
    requireOurs: (request) =>
      requireOurs(
        request,
        (host) => hosts.has(host),
        // Whichever of its names a page was loaded by, it is ours.
        (origin) => hosts.has(origin.replace(/^http:\/\//, '')) && origin.startsWith('http://'),
      ),
    secrets: (request) => cookies(request, name),
    from: () => thisPc,
    // Until the browser is closed.
    cookie: (secret) => `${name}=${secret}; HttpOnly; SameSite=Strict; Path=/`,
  };
}

const cookieSeconds = 30 * 24 * 60 * 60;

/**
 * HTTPS for other devices. They may call us by a name of this PC, with any port (a router may show another one), or by the
 * very address they reached: a name that belongs to somebody else is neither.
 * @param added names that the owner gave
 */
export function doorFromNetwork(added: readonly string[]): Door {
  const addedNames = new Set(added.map((name) => name.toLowerCase()));
  const isName = (host: string): boolean =>
    addedNames.has(host) || host === 'localhost' || hostNames().includes(host);
  return {
    network: true,
    requireOurs(request) {
      const { localAddress = '', localPort } = request.socket;
      const isOurs = (host: string): boolean => {
        const [, called = '', port] = /^(\[[^\]]*\]|[^:]*)(?::(\d{1,5}))?$/.exec(host) ?? [];
        if (isName(called.replace(/\.$/, ''))) return true;
        return normalAddress(called) === normalAddress(localAddress) && port === String(localPort);
      };
      requireOurs(request, isOurs, (origin, host) => origin.toLowerCase() === `https://${host}`);
    },
    secrets: (request) => cookies(request, networkCookie(request)),
    from: ({ socket }) => normalAddress(socket.remoteAddress ?? ''),
    cookie: (secret, request) =>
      `${networkCookie(request)}=${secret}; Secure; HttpOnly; SameSite=Strict; Path=/; Max-Age=${cookieSeconds}`,
  };
}

// The prefix has browsers see to it that nobody but this very host set it, over TLS.
function networkCookie({ socket }: IncomingMessage): string {
  return `__Host-phyllome-${socket.localPort}`;
}

function requireOurs(
  request: IncomingMessage,
  isOurs: (host: string) => boolean,
  isPageOfOurs: (origin: string, host: string) => boolean,
): void {
  const { host, origin } = request.headers;
  const called = host?.toLowerCase();
  if (called !== undefined && isOurs(called) && (origin === undefined || isPageOfOurs(origin, called)))
    return;
  throw new PhyllomeError('origin-refused', { origin: origin ?? 'a program', host: host ?? 'no host' });
}

function cookies({ headers }: IncomingMessage, name: string): string[] {
  return (headers.cookie ?? '').split(';').flatMap((cookie) => {
    const text = cookie.trim();
    return text.startsWith(`${name}=`) ? [text.slice(name.length + 1)] : [];
  });
}
