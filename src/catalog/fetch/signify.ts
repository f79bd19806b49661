// SPDX-License-Identifier: Apache-2.0
//
// Signatures of signify(1), as OpenBSD makes them, and of minisign, which grew out of it. Both are two lines a piece: a
// comment that nobody vouches for, and base64 of an algorithm (2 bytes), the number of a key (8) and the key (32) or the
// signature (64), which is Ed25519. minisign has two lines more: a comment that is signed together with the signature.
import { createHash, createPublicKey, verify } from 'node:crypto';
import { open } from 'node:fs/promises';
import { refused } from './refused.ts';

interface PublicKey {
  number: Buffer;
  verify(message: Buffer, signature: Buffer): boolean;
}

interface Signed {
  /** "Ed": of the content itself; "ED": of its BLAKE2b-512 */
  algorithm: string;
  number: Buffer;
  signature: Buffer;
  /** What stands behind the two lines */
  rest: Buffer;
}

// The DER around 32 bytes that makes an Ed25519 key of them (RFC 8410).
const derPrefix = Buffer.from('302a300506032b6570032100', 'hex');
// Content that is signed without being hashed first has to be in memory as a whole (bytes).
const longestInMemory = 2 ** 26;

/** @throws PhyllomeError `signature-refused` */
export function readPublicKey(file: string, text: string): PublicKey {
  const { bytes } = twoLines(file, Buffer.from(text), 42);
  if (bytes.toString('latin1', 0, 2) !== 'Ed') throw refused(file, 'its key is of a kind that is not known');
  const der = Buffer.concat([derPrefix, bytes.subarray(10, 42)]);
  const key = createPublicKey({ key: der, format: 'der', type: 'spki' });
  return {
    number: bytes.subarray(2, 10),
    verify: (message, signature) => verify(null, message, key, signature),
  };
}

/** @throws PhyllomeError `signature-refused` */
export function verifySignify(file: string, content: Buffer, signature: Buffer, key: PublicKey): void {
  const signed = readSigned(file, signature, key);
  if (signed.algorithm !== 'Ed') throw refused(file, 'the signature is of a kind that is not known');
  if (!key.verify(content, signed.signature)) throw refused(file, notThis);
}

/**
 * A file that carries its signature before its content ("signify -e").
 * @returns the content
 * @throws PhyllomeError `signature-refused`
 */
export function openSignify(file: string, bytes: Buffer, key: PublicKey): Buffer {
  const { rest } = readSigned(file, bytes, key);
  verifySignify(file, rest, bytes, key);
  return rest;
}

/** @throws PhyllomeError `signature-refused` */
export async function verifyMinisign(
  file: string,
  content: Buffer | { path: string },
  signature: Buffer,
  key: PublicKey,
): Promise<void> {
  const signed = readSigned(file, signature, key);
  const [comment = '', global = ''] = signed.rest.toString('utf8').split(/\r?\n/);
  const message = signed.algorithm === 'ED' ? await blake2b(content) : await inMemory(file, content);
  if (!['Ed', 'ED'].includes(signed.algorithm))
    throw refused(file, 'the signature is of a kind that is not known');
  if (!key.verify(message, signed.signature)) throw refused(file, notThis);
  const prefix = 'trusted comment: ';
  const whole = Buffer.concat([signed.signature, Buffer.from(comment.slice(prefix.length))]);
  const globalSignature = Buffer.from(global, 'base64');
  if (!comment.startsWith(prefix) || globalSignature.length !== 64 || !key.verify(whole, globalSignature))
    throw refused(file, 'the comment of the signature was changed');
}

const notThis = 'the signature is not one of this content';

function readSigned(file: string, content: Buffer, key: PublicKey): Signed {
  const { bytes, rest } = twoLines(file, content, 74);
  const number = bytes.subarray(2, 10);
  if (!number.equals(key.number)) throw refused(file, 'it is signed with another key');
  return { algorithm: bytes.toString('latin1', 0, 2), number, signature: bytes.subarray(10, 74), rest };
}

function twoLines(file: string, content: Buffer, length: number): { bytes: Buffer; rest: Buffer } {
  const first = content.indexOf('\n');
  const second = content.indexOf('\n', first + 1);
  const end = second === -1 ? content.length : second;
  const comment = content.toString('latin1', 0, Math.max(0, first));
  const base64 = content.toString('latin1', first + 1, end).trim();
  const bytes = Buffer.from(base64, 'base64');
  if (first === -1 || !comment.startsWith('untrusted comment:') || !/^[A-Za-z0-9+/]+=*$/.test(base64))
    throw refused(file, 'there is no signature where one should be');
  if (bytes.length !== length) throw refused(file, 'the signature is not complete');
  return { bytes, rest: content.subarray(end + 1) };
}

async function blake2b(content: Buffer | { path: string }): Promise<Buffer> {
  const hash = createHash('blake2b512');
  if (Buffer.isBuffer(content)) return hash.update(content).digest();
  await using handle = await open(content.path);
  for await (const piece of handle.readableWebStream() as AsyncIterable<Uint8Array>) hash.update(piece);
  return hash.digest();
}

async function inMemory(file: string, content: Buffer | { path: string }): Promise<Buffer> {
  if (Buffer.isBuffer(content)) return content;
  await using handle = await open(content.path);
  if ((await handle.stat()).size > longestInMemory)
    throw refused(file, 'a signature of this old kind is only read for small files');
  return await handle.readFile();
}
