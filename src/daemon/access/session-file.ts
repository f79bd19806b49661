// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import { reasonOf } from '../../contract/errors.ts';
import { Type, type Static } from '../../contract/schema.ts';
import { completeValue } from '../../contract/validate.ts';
import { errorCode, writeAtomic } from '../../host/files.ts';

const SessionRecord = Type.Object({
  id: Type.String({ maxLength: 40 }),
  /** SHA-256 of its secret, base64url */
  hash: Type.String({ pattern: '^[A-Za-z0-9_-]{43}$', writeOnly: true }),
  name: Type.String({ maxLength: 200 }),
  from: Type.String({ maxLength: 100 }),
  network: Type.Boolean(),
  by: Type.Unsafe<'password' | 'link'>({ type: 'string', enum: ['password', 'link'] }),
  /** ms since 1970, as is lastSeen */
  since: Type.Integer(),
  lastSeen: Type.Integer(),
  locked: Type.Boolean(),
});
export type SessionRecord = Static<typeof SessionRecord>;

const Records = Type.Array(SessionRecord, { maxItems: 1000 });

export interface SessionFile {
  read(): SessionRecord[];
  /** One write after the other; of those that wait only the last is done. @throws PhyllomeError `no-space` */
  write(sessions: readonly SessionRecord[]): Promise<void>;
  /** Waits until nothing is being written */
  idle(): Promise<void>;
}

export function openSessionFile(file: string, warn: (text: string) => void): SessionFile {
  let writing: Promise<void> = Promise.resolve();
  let next: { text: string; written: Promise<void> } | null = null;
  return {
    read() {
      try {
        const { value, problems } = completeValue(Records, JSON.parse(readFileSync(file, 'utf8')));
        if (problems.length === 0) return value as SessionRecord[];
        warn(`${file} is not understood: everybody has to sign in again`);
      } catch (error) {
        // Losing it costs everybody a sign-in and nothing else.
        if (errorCode(error) !== 'ENOENT')
          warn(`${file} cannot be read (${reasonOf(error)}): everybody has to sign in again`);
      }
      return [];
    },
    write(sessions) {
      const text = JSON.stringify(sessions);
      if (next !== null) {
        next.text = text;
        return next.written;
      }
      const waiting = { text, written: writing };
      next = waiting;
      waiting.written = writing.then(() => {
        next = null;
        return writeAtomic(file, waiting.text);
      });
      // Who asked for it hears of a failure; who comes after it does not.
      writing = waiting.written.catch(() => {});
      return waiting.written;
    },
    idle: () => writing,
  };
}
