// SPDX-License-Identifier: Apache-2.0
//
// Wraps the key of a machine's disks: with a passphrase, or with another random key that somebody keeps.
import { createCipheriv, createDecipheriv, randomBytes, scrypt, type ScryptOptions } from 'node:crypto';

/** A key that was encrypted with another one (AES-256-GCM). All in base64. */
export interface Wrapped {
  iv: string;
  tag: string;
  key: string;
}

/** How a passphrase becomes a key: what it costs to try one is recorded, so that it can be raised later. */
export interface Scrypt {
  /** Rounds; a power of two */
  n: number;
  r: number;
  p: number;
  salt: string;
}

export type ScryptCost = Omit<Scrypt, 'salt'>;

/** Length of all keys here (bytes). */
export const keyLength = 32;

// 128 MiB of memory and about half a second for each try (RFC 7914; n * r * 128 bytes).
export const usualCost: ScryptCost = { n: 2 ** 17, r: 8, p: 1 };
// A key file may come from anywhere: no more than 1 GiB is spent on it.
const mostMemory = 2 ** 30;
const purpose = Buffer.from('phyllome disk key 1');

export function wrap(key: Uint8Array, by: Uint8Array): Wrapped {
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', by, iv).setAAD(purpose);
  const bytes = Buffer.concat([cipher.update(key), cipher.final()]);
  return { iv: base64(iv), tag: base64(cipher.getAuthTag()), key: base64(bytes) };
}

/** @returns null when it was wrapped by another key, or changed since */
export function unwrap({ iv, tag, key }: Wrapped, by: Uint8Array): Buffer | null {
  const authTag = bytesOf(tag);
  // A shorter tag would be easier to forge.
  if (authTag.length !== 16) return null;
  try {
    const decipher = createDecipheriv('aes-256-gcm', by, bytesOf(iv)).setAAD(purpose).setAuthTag(authTag);
    const bytes = Buffer.concat([decipher.update(bytesOf(key)), decipher.final()]);
    return bytes.length === keyLength ? bytes : null;
  } catch {
    return null;
  }
}

export function newScrypt(cost: ScryptCost): Scrypt {
  return { ...cost, salt: base64(randomBytes(16)) };
}

/** Whether it costs no more than we are ready to spend. */
export function isAffordable({ n, r, p }: Scrypt): boolean {
  const whole = [n, r, p].every((value) => Number.isInteger(value) && value > 0);
  return whole && (n & (n - 1)) === 0 && n > 1 && n * r * 128 <= mostMemory && p <= 4;
}

/** The same characters make the same key, however the keyboard composes them. */
export function keyFromPassphrase(passphrase: string, { n, r, p, salt }: Scrypt): Promise<Buffer> {
  const options: ScryptOptions = { N: n, r, p, maxmem: 2 * n * r * 128 };
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  scrypt(passphrase.normalize('NFC'), bytesOf(salt), keyLength, options, (error, key) =>
    error === null ? resolve(key) : reject(error),
  );
  return promise;
}

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
const bytesOf = (text: string): Buffer => Buffer.from(text, 'base64');
