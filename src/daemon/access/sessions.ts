// SPDX-License-Identifier: Apache-2.0
//
// Browsers that are signed in. The service keeps only hashes of what lets them in, so neither its memory nor its files do.
import { createHash, randomUUID } from 'node:crypto';
import type { Duplex } from 'node:stream';
import type { Session } from '../../contract/access.ts';
import { randomToken } from '../token.ts';
import { openSessionFile, type SessionRecord } from './session-file.ts';

const day = 24 * 60 * 60 * 1000;
const never = Number.POSITIVE_INFINITY;
/** How long a browser may stay away, and how long it may stay at all (ms). */
const limits = {
  network: { idle: 7 * day, total: 30 * day },
  // Its cookie ends with the browser, and whoever is on this PC can ask for another link. A screen on the wall runs for months.
  here: { idle: 30 * day, total: never },
};
// Nobody has so many browsers; the one that was away longest makes room.
const most = 200;
// When a browser was last seen need not be exact after a restart (ms).
const seenPrecision = 60 * 60 * 1000;

export interface NewSession {
  name: string;
  from: string;
  network: boolean;
  by: Session['by'];
}

/** `except` in these is the connection of the request that asks: its answer still has to go out. */
export interface Sessions {
  /** @returns what lets the browser in from now on; kept nowhere but there */
  create(given: NewSession): Promise<string>;
  /** The session that a secret belongs to; counts as seen. One made on this PC is none on the network, and the reverse. */
  find(secret: string, network: boolean, from: string): SessionRecord | null;
  /** Those that still count, the last seen first */
  list(): SessionRecord[];
  /** Ends them, with whatever runs over their connections. @returns how many there were */
  end(which: (session: SessionRecord) => boolean, except?: Duplex): Promise<number>;
  /** While locked, nothing but unlocking and signing out is done for it. Ends what runs. @returns how many there were */
  lock(which: (session: SessionRecord) => boolean, except?: Duplex): Promise<number>;
  unlock(id: string): Promise<void>;
  /** Ends a connection when its session does */
  follow(session: SessionRecord, connection: Duplex): void;
  close(): Promise<void>;
}

export interface SessionsParts {
  file: string;
  warn(text: string): void;
  /** Hears that the list is another */
  changed(): void;
  now?: () => number;
}

export function createSessions({ file, warn, changed, now = Date.now }: SessionsParts): Sessions {
  const kept = openSessionFile(file, warn);
  const byHash = new Map(kept.read().map((session) => [session.hash, session]));
  const connections = new Map<string, Set<Duplex>>();
  let saved = now();
  let timer: NodeJS.Timeout | undefined;

  const isOver = ({ network, since, lastSeen }: SessionRecord): boolean => {
    const { idle, total } = network ? limits.network : limits.here;
    return now() - lastSeen > idle || now() - since > total;
  };
  const save = async (): Promise<void> => {
    saved = now();
    await kept.write([...byHash.values()]);
  };
  const saveLater = (): void =>
    void save().catch((error: unknown) => warn(`sessions were not kept: ${String(error)}`));
  const cutOff = (id: string, except?: Duplex): void => {
    for (const connection of connections.get(id) ?? []) if (connection !== except) connection.destroy();
  };
  const drop = (session: SessionRecord, except?: Duplex): void => {
    byHash.delete(session.hash);
    cutOff(session.id, except);
  };
  /** Whoever looks at the page is seen, however long a stream runs; what is over ends. */
  const look = (): void => {
    let dropped = false;
    for (const session of byHash.values()) {
      if ((connections.get(session.id)?.size ?? 0) > 0 && !isOver(session)) session.lastSeen = now();
      if (!isOver(session)) continue;
      drop(session);
      dropped = true;
    }
    if (dropped || now() - saved > seenPrecision) saveLater();
    if (dropped) changed();
    watch();
  };
  // Only while somebody is connected: an idle service has nothing to wake up for.
  const watch = (): void => {
    clearTimeout(timer);
    if (connections.size > 0) timer = setTimeout(look, seenPrecision).unref();
  };

  return {
    async create(given) {
      const secret = randomToken();
      const time = now();
      for (const session of byHash.values()) if (isOver(session)) drop(session);
      const oldest = [...byHash.values()].toSorted((a, b) => a.lastSeen - b.lastSeen);
      for (const session of oldest.slice(0, Math.max(0, oldest.length - most + 1))) drop(session);
      const session = { ...given, id: randomUUID().slice(0, 8), since: time, lastSeen: time, locked: false };
      byHash.set(hashOf(secret), { ...session, hash: hashOf(secret) });
      await save();
      changed();
      return secret;
    },
    find(secret, network, from) {
      const session = byHash.get(hashOf(secret));
      if (session === undefined || session.network !== network || isOver(session)) return null;
      session.lastSeen = now();
      session.from = from;
      if (now() - saved > seenPrecision) saveLater();
      return session;
    },
    list: () =>
      [...byHash.values()]
        .filter((session) => !isOver(session))
        .toSorted((a, b) => b.lastSeen - a.lastSeen || b.since - a.since),
    async end(which, except) {
      const ended = [...byHash.values()].filter((session) => !isOver(session) && which(session));
      for (const session of ended) drop(session, except);
      if (ended.length === 0) return 0;
      await save();
      changed();
      return ended.length;
    },
    async lock(which, except) {
      const locked = [...byHash.values()].filter((session) => !isOver(session) && which(session));
      for (const session of locked) {
        session.locked = true;
        cutOff(session.id, except);
      }
      if (locked.length === 0) return 0;
      // A restart of the service must not unlock anything.
      await save();
      changed();
      return locked.length;
    },
    async unlock(id) {
      for (const session of byHash.values()) if (session.id === id) session.locked = false;
      await save();
      changed();
    },
    follow({ id }, connection) {
      const known = connections.get(id) ?? new Set();
      if (known.has(connection)) return;
      connections.set(id, known.add(connection));
      if (timer === undefined) watch();
      connection.once('close', () => {
        known.delete(connection);
        if (known.size > 0 || connections.get(id) !== known) return;
        connections.delete(id);
        if (connections.size > 0) return;
        clearTimeout(timer);
        timer = undefined;
      });
    },
    async close() {
      clearTimeout(timer);
      await kept.idle();
    },
  };
}

function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url');
}
