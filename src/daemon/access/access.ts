// SPDX-License-Identifier: Apache-2.0
//
// Who gets at the page and how: what the operations below /access do, and signing in.
import type { Duplex } from 'node:stream';
import type { AccessStatus } from '../../contract/access.ts';
import type { Body } from '../../contract/api.ts';
import { PhyllomeError } from '../../contract/errors.ts';
import type { AccessSettings } from '../../host/access/access-file.ts';
import { hashPassword } from '../../host/access/password.ts';
import type { Visitor } from '../auth.ts';
import { thisPc } from '../door.ts';
import { hostAddresses, hostNames } from './host-names.ts';
import type { Network } from './network.ts';
import { createPasswordDoor } from './password-door.ts';
import type { SessionRecord } from './session-file.ts';
import type { Sessions } from './sessions.ts';
import type { AccessSettingsFile } from './settings.ts';
import { createTries } from './tries.ts';

export interface Access {
  status(visitor: Visitor): Promise<AccessStatus>;
  setPassword(visitor: Visitor, request: Body<'setPassword'>): Promise<AccessStatus>;
  setNetwork(visitor: Visitor, request: Body<'setAccessNetwork'>): Promise<AccessStatus>;
  signOut(visitor: Visitor, request: Body<'signOut'>): Promise<void>;
  lock(visitor: Visitor, request: Body<'lockSession'>): Promise<void>;
  unlock(visitor: Visitor, request: Body<'unlockSession'>): Promise<void>;
  /** @throws PhyllomeError `password-wrong`, `password-needed`, `too-many-tries`, `access-damaged` */
  requirePassword(visitor: Visitor, password: string): Promise<void>;
}

export interface AccessParts {
  settings: AccessSettingsFile;
  sessions: Sessions;
  network: Network;
  changed(): void;
  /** The one port that the firewall of this PC opens for the page; null where the owner sees to it */
  onlyPort: () => number | null;
}

export function createAccess({ settings, sessions, network, changed, onlyPort }: AccessParts): Access {
  // Who is signed in from there, or sits here, is not held up by what strangers elsewhere try.
  const isKnown = (from: string): boolean =>
    from === thisPc || sessions.list().some((session) => session.from === from);
  const tries = createTries(isKnown);
  const door = createPasswordDoor(tries);

  const status = async (visitor: Visitor): Promise<AccessStatus> => {
    // A damaged file is the answer, not a failure: what can be done about it is on the same page.
    const read = await settings.read().catch((error: unknown) => PhyllomeError.from(error));
    const current = visitor.kind === 'browser' ? visitor.session.id : null;
    const problem = read instanceof PhyllomeError ? read.report() : network.problem();
    return {
      password: 'password' in read && read.password ? { setAt: read.password.setAt } : null,
      network: { ...networkStatus(read instanceof PhyllomeError ? null : read, network), problem },
      sessions: sessions.list().map((session) => viewOf(session, current)),
    };
  };
  const requirePassword = async (visitor: Visitor, password: string): Promise<void> => {
    if (visitor.kind === 'local') return;
    const { password: kept } = await settings.read();
    if (kept === undefined)
      throw new PhyllomeError('password-needed', { what: 'nobody can sign in with one' });
    await door.require(password, kept, visitor.door.from(visitor.request));
  };
  const requireSession = (id: string): void => {
    if (!sessions.list().some((session) => session.id === id))
      throw new PhyllomeError('session-not-found', { session: id });
  };

  return {
    status,
    requirePassword,
    async setPassword(visitor, { password, oldPassword }) {
      // Over the unix socket nobody is asked for the old one: who forgot it sets another one there.
      if (visitor.kind !== 'local' && (await settings.read()).password !== undefined) {
        if (oldPassword === undefined) throw new PhyllomeError('password-wrong');
        await requirePassword(visitor, oldPassword);
      }
      const hash = await hashPassword(password);
      const change = (kept: AccessSettings): AccessSettings => ({ ...kept, password: hash });
      await (visitor.kind === 'local' ? settings.repair(change) : settings.change(change));
      // Who knew the old one may be why there is a new one. Links of this PC never needed one.
      const own = idOf(visitor);
      await sessions.end(({ id, by }) => by === 'password' && id !== own, connectionOf(visitor));
      changed();
      return status(visitor);
    },
    async setNetwork(visitor, request) {
      if (request.certificate && visitor.kind !== 'local')
        throw new PhyllomeError('bad-request', {
          reason: 'files of a certificate are only taken on the unix socket',
        });
      const only = onlyPort();
      if (only !== null && (request.port ?? only) !== only)
        throw new PhyllomeError('bad-request', {
          reason: `Phyllome OS opens no other port than ${only} for the page`,
        });
      const before = await settings.read();
      const wanted = changedNetwork(before.network, request);
      if (wanted.on && before.password === undefined)
        throw new PhyllomeError('password-needed', { what: 'the page is not opened to the network' });
      // First the listener: what does not work is not kept.
      await network.apply(wanted, connectionOf(visitor));
      await settings.change((kept) => ({ ...kept, network: wanted }));
      changed();
      return status(visitor);
    },
    async signOut(visitor, { session, all = false }) {
      const own = idOf(visitor);
      const connection = connectionOf(visitor);
      requireMayTouch(visitor, all ? null : (session ?? own));
      if (all) {
        await sessions.end(({ id }) => id !== own, connection);
        return;
      }
      const id = session ?? own;
      if (id === null) throw new PhyllomeError('session-needed', { done: 'signed out' });
      requireSession(id);
      await sessions.end((other) => other.id === id, connection);
    },
    async lock(visitor, { session }) {
      const own = idOf(visitor);
      if ((await settings.read()).password === undefined)
        throw new PhyllomeError('password-needed', { what: 'nothing could unlock this browser again' });
      if (session === undefined && visitor.kind === 'local') {
        await sessions.lock(({ network: away }) => !away);
        return;
      }
      const id = session ?? own;
      if (id === null) throw new PhyllomeError('session-needed', { done: 'locked' });
      requireSession(id);
      await sessions.lock((other) => other.id === id, connectionOf(visitor));
    },
    async unlock(visitor, { password }) {
      const id = idOf(visitor);
      if (id === null) throw new PhyllomeError('session-needed', { done: 'unlocked' });
      await requirePassword(visitor, password);
      await sessions.unlock(id);
    },
  };
}

/** A locked browser may leave; it may not throw others out. */
function requireMayTouch(visitor: Visitor, id: string | null): void {
  if (visitor.kind === 'browser' && visitor.session.locked && visitor.session.id !== id)
    throw new PhyllomeError('locked');
}

function idOf(visitor: Visitor): string | null {
  return visitor.kind === 'browser' ? visitor.session.id : null;
}

function connectionOf(visitor: Visitor): Duplex | undefined {
  return visitor.kind === 'local' ? undefined : visitor.request.socket;
}

function viewOf({ hash: _, ...session }: SessionRecord, current: string | null) {
  return {
    ...session,
    since: new Date(session.since).toISOString(),
    lastSeen: new Date(session.lastSeen).toISOString(),
    current: session.id === current,
  };
}

function changedNetwork(
  before: AccessSettings['network'],
  { on = before.on, port = before.port, names = before.names, certificate }: Body<'setAccessNetwork'>,
): AccessSettings['network'] {
  const { certificate: kept, ...others } = before;
  const files = certificate === undefined ? kept : (certificate ?? undefined);
  const lower = [...new Set(names.map((name) => name.toLowerCase()))];
  return { ...others, on, port, names: lower, ...(files !== undefined && { certificate: files }) };
}

function networkStatus(settings: AccessSettings | null, network: Network) {
  const { on = false, port = 0, names = [] } = settings?.network ?? {};
  const listening = network.door();
  const served = listening?.port ?? port;
  const places = [...hostNames().filter((name) => name.endsWith('.local')), ...names, ...hostAddresses()];
  return {
    on,
    listening: listening !== null,
    port: served,
    names,
    addresses: places.map((place) => `https://${place.includes(':') ? `[${place}]` : place}:${served}`),
    certificate: listening?.certificate() ?? null,
  };
}
