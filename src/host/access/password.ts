// SPDX-License-Identifier: Apache-2.0
//
// The password of the page: what is kept of it, and whether one that was typed is it.
import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { PhyllomeError } from '../../contract/errors.ts';

/** What is kept of a password: enough to know it again, and a lot of work for whoever wants to guess it. */
export interface PasswordHash {
  scheme: 'scrypt';
  /** Cost: takes 128 * r * cost bytes of memory while it is computed */
  cost: number;
  blockSize: number;
  parallelization: number;
  /** base64 */
  salt: string;
  /** base64, 32 bytes */
  hash: string;
  /** ISO 8601, UTC */
  setAt: string;
}

type Cost = Pick<PasswordHash, 'cost' | 'blockSize' | 'parallelization'>;
// What OWASP's Password Storage Cheat Sheet gives for 32 MiB of memory; a PC with 1 GB for the host can spare that much once.
const usualCost: Cost = { cost: 2 ** 15, blockSize: 8, parallelization: 3 };
/** The least that is accepted in a file. */
export const leastCost: Cost = { cost: 2 ** 14, blockSize: 8, parallelization: 1 };
const hashBytes = 32;
// More than this no file may make us spend (bytes).
export const mostMemory = 2 ** 28;

const fewestCharacters = 10;
const fewestDifferent = 4;

/** Refuses what would be guessed at once. @throws PhyllomeError `password-weak` */
export function requireStrong(password: string): void {
  const characters = Array.from(normal(password));
  if (characters.length < fewestCharacters)
    throw new PhyllomeError('password-weak', {
      reason: `it has fewer than ${fewestCharacters} characters`,
    });
  if (new Set(characters).size < fewestDifferent)
    throw new PhyllomeError('password-weak', {
      reason: `it has fewer than ${fewestDifferent} different characters`,
    });
  if (
    characters.every((character, index) => index === 0 || follows(characters[index - 1] as string, character))
  )
    throw new PhyllomeError('password-weak', { reason: 'its characters only follow one another' });
}

/** @throws PhyllomeError `password-weak` */
export async function hashPassword(password: string, cost: Cost = usualCost): Promise<PasswordHash> {
  requireStrong(password);
  const salt = randomBytes(16);
  const hash = await derive(password, salt, cost);
  return {
    scheme: 'scrypt',
    ...cost,
    salt: salt.toString('base64'),
    hash: hash.toString('base64'),
    setAt: new Date().toISOString(),
  };
}

/** Takes about 0.4 s and 32 MiB, whatever the answer is. */
export async function isPassword(given: string, kept: PasswordHash): Promise<boolean> {
  const expected = Buffer.from(kept.hash, 'base64');
  return timingSafeEqual(await derive(given, Buffer.from(kept.salt, 'base64'), kept), expected);
}

function derive(password: string, salt: Buffer, { cost, blockSize, parallelization }: Cost): Promise<Buffer> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  const options = { N: cost, r: blockSize, p: parallelization, maxmem: mostMemory + 2 ** 20 };
  scrypt(normal(password), salt, hashBytes, options, (error, hash) => {
    if (error === null) resolve(hash);
    else reject(error);
  });
  return promise;
}

// Keyboards write the same "é" as one character or as two.
function normal(password: string): string {
  return password.normalize('NFC');
}

// 1234567890, abcdefghij and aaaaabbbbb.
function follows(before: string, character: string): boolean {
  const step = (character.codePointAt(0) as number) - (before.codePointAt(0) as number);
  return Math.abs(step) <= 1 || (before === '9' && character === '0');
}
