// SPDX-License-Identifier: Apache-2.0
import { isAbsolute, resolve } from 'node:path';
import type { Identified } from '../../contract/catalog.ts';
import { PhyllomeError, reasonOf } from '../../contract/errors.ts';
import { openRegularFile } from '../../disk/regular-file.ts';
import { errorCode } from '../../host/files.ts';
import type { IdentifyParts } from './identify-file.ts';

export interface Identifier {
  /** @throws PhyllomeError `bad-request`, `file-missing`, `file-unreadable` */
  identify(file: string): Promise<Identified>;
  /** For lists: null for what cannot be read or is not known */
  known(file: string): Promise<Identified | null>;
}

// A folder of media has some dozens.
const mostRemembered = 2000;

/** What a file was recognised as is remembered as long as the file does not change. */
export function createIdentifier(parts: IdentifyParts): Identifier {
  const remembered = new Map<string, Promise<Identified>>();

  async function identify(given: string): Promise<Identified> {
    if (!isAbsolute(given) || given.includes('\0'))
      throw new PhyllomeError('bad-request', { reason: `"${given}" is not an absolute path` });
    const file = resolve(given);
    await using handle = await openRegularFile('medium', file, explain);
    const { dev, ino, size, mtimeNs } = await handle.stat({ bigint: true });
    const key = `${dev}:${ino}:${size}:${mtimeNs}`;
    const before = remembered.get(key);
    if (before !== undefined) return { ...(await before), file };
    const answer = import('./identify-file.ts').then(({ identifyFile }) => identifyFile(file, handle, parts));
    if (remembered.size >= mostRemembered) remembered.clear();
    remembered.set(key, answer);
    try {
      return await answer;
    } catch (error) {
      remembered.delete(key);
      throw explain(file, error);
    }
  }

  return {
    identify,
    async known(file) {
      try {
        const found = await identify(file);
        return found.confidence === 'none' ? null : found;
      } catch (error) {
        if (error instanceof PhyllomeError) return null;
        throw error;
      }
    },
  };
}

function explain(file: string, error: unknown): PhyllomeError {
  if (error instanceof PhyllomeError) return error;
  const code = errorCode(error);
  const what = 'medium';
  if (code === 'ENOENT' || code === 'ENOTDIR')
    return new PhyllomeError('file-missing', { what, file }, { cause: error });
  const reason = code === 'EACCES' ? 'you may not read it' : reasonOf(error);
  return new PhyllomeError('file-unreadable', { what, file, reason }, { cause: error });
}
