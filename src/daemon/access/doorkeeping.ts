// SPDX-License-Identifier: Apache-2.0
//
// Puts together who may come in: sessions, the password, links, and the listener on the network.
import type { IncomingMessage } from 'node:http';
import { networkPort } from '../../contract/access.ts';
import { PhyllomeError } from '../../contract/errors.ts';
import { rootSocket } from '../../contract/paths.ts';
import type { Root } from '../../engine/os/root.ts';
import { readPhyllomeOs } from '../../host/phyllome-os.ts';
import { createGate, type Visitor } from '../auth.ts';
import { doorFromNetwork } from '../door.ts';
import type { ListenerParts } from '../listener.ts';
import type { PagesParts } from '../page-routes.ts';
import type { Tickets } from '../tickets.ts';
import { createAccess, type Access } from './access.ts';
import { browserName } from './browser-name.ts';
import { createNetwork } from './network.ts';
import { createSessions, type Sessions } from './sessions.ts';
import { openAccessSettings } from './settings.ts';

export interface AccessFiles {
  settings: string;
  sessions: string;
  certificate: string;
  /** The one port that the firewall of this PC opens for the page; null where the owner sees to it */
  onlyPort?: () => number | null;
  root?: () => Pick<Root, 'ask'>;
}

export interface DoorkeepingParts {
  files: AccessFiles;
  tickets: Tickets;
  /** Hears of each request that is let in from the network */
  admitted(request: IncomingMessage, visitor: Visitor): void;
  /** What serves those */
  listen(): Pick<ListenerParts, 'request' | 'upgrade'>;
  changed(): void;
  warn(text: string): void;
}

export interface Doorkeeping {
  access: Access;
  sessions: Sessions;
  pages: Omit<PagesParts, 'visitorOf'>;
  /** Opens the page to the network when that is wanted, in the background. */
  begin(): void;
  close(): Promise<void>;
}

const osPort = (): number | null => (readPhyllomeOs() === null ? null : networkPort);

export function createDoorkeeping(parts: DoorkeepingParts): Doorkeeping {
  const { files, tickets, changed, warn } = parts;
  const settings = openAccessSettings(files.settings);
  const sessions = createSessions({ file: files.sessions, warn, changed });
  const network = createNetwork({
    warn,
    root: async () => files.root?.() ?? (await import('../../engine/os/root.ts')).createRoot(rootSocket),
    async open(wanted) {
      const gate = createGate({ door: doorFromNetwork(wanted.names), sessions, token: null });
      // TLS and certificates are 10 MB that a service which only listens on this PC does without.
      const { openNetworkDoor } = await import('./network-door.ts');
      return openNetworkDoor({
        ...parts.listen(),
        admit: (request) => parts.admitted(request, gate.admit(request)),
        network: wanted,
        certificateFile: files.certificate,
        warn,
      });
    },
  });
  const access = createAccess({ settings, sessions, network, changed, onlyPort: files.onlyPort ?? osPort });

  const signedIn = async (visitor: Visitor, by: 'password' | 'link'): Promise<string> => {
    if (visitor.kind === 'local') throw new PhyllomeError('session-needed', { done: 'signed in' });
    const { door, request } = visitor;
    const name = browserName(request.headers['user-agent']);
    // Who signs in again in the same browser does not leave the old one behind.
    if (visitor.kind === 'browser') await sessions.end(({ id }) => id === visitor.session.id, request.socket);
    const secret = await sessions.create({ name, from: door.from(request), network: door.network, by });
    return door.cookie(secret, request);
  };
  return {
    access,
    sessions,
    pages: {
      // Damaged counts as there: trying says what is wrong.
      hasPassword: async () =>
        settings.read().then(
          ({ password }) => password !== undefined,
          () => true,
        ),
      redeem: async (ticket, visitor) => (tickets.redeem(ticket) ? signedIn(visitor, 'link') : null),
      async signIn(password, visitor) {
        await access.requirePassword(visitor, password);
        return signedIn(visitor, 'password');
      },
    },
    begin() {
      const opened = settings.read().then((kept) => network.begin(kept.network));
      void opened.catch((error: unknown) => warn(PhyllomeError.from(error).message));
    },
    async close() {
      await network.close();
      await sessions.close();
    },
  };
}
