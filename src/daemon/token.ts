// SPDX-License-Identifier: Apache-2.0
import { randomBytes } from 'node:crypto';
import { lstat, readFile } from 'node:fs/promises';
import { errorCode, writeAtomic } from '../host/files.ts';

/** 32 random bytes in the alphabet of addresses and cookies. */
export function randomToken(): string {
  return randomBytes(32).toString('base64url');
}

/**
 * The secret that lets a program or browser in over TCP; made at the first start and kept, so that a browser
 * stays signed in. Whoever may read the file is let in, so one that others could read is replaced.
 */
export async function loadToken(file: string): Promise<string> {
  const kept = await readPrivate(file);
  if (kept !== null && /^[\w-]{43}$/.test(kept)) return kept;
  const token = randomToken();
  await writeAtomic(file, token);
  return token;
}

async function readPrivate(file: string): Promise<string | null> {
  try {
    const found = await lstat(file);
    const isPrivate = found.isFile() && found.uid === process.getuid?.() && (found.mode & 0o077) === 0;
    return isPrivate ? await readFile(file, 'utf8') : null;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  }
}
