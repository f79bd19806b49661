// SPDX-License-Identifier: Apache-2.0
//
// OpenPGP signatures. The library is only loaded when there is one to look at.
import { open } from 'node:fs/promises';
import type { Key, Message, Signature, VerifyMessageResult } from 'openpgp';
import { refused } from './refused.ts';

export interface TrustedKeys {
  armoured: string;
  /** Of the primary key that has to be among them */
  fingerprint: string | undefined;
}

/** Whose signature it is, e.g. "Debian CD signing key <debian-cd@lists.debian.org>" */
type Signer = string;

/**
 * A signature that lies beside what it signs.
 * @param content bytes, or a file that may be large
 * @throws PhyllomeError `signature-refused`
 */
export async function verifyDetached(
  file: string,
  content: Buffer | { path: string },
  signature: Buffer,
  trusted: TrustedKeys,
  now = new Date(),
): Promise<Signer> {
  const pgp = await import('openpgp');
  const keys = await keysOf(file, trusted, now);
  const armoured = signature.subarray(0, 200).toString('latin1').includes('-----BEGIN PGP SIGNATURE-----');
  let read: Signature;
  try {
    read = armoured
      ? await pgp.readSignature({ armoredSignature: signature.toString('latin1') })
      : await pgp.readSignature({ binarySignature: signature });
  } catch (error) {
    throw refused(file, 'what should be its signature is none', error);
  }
  await using handle = Buffer.isBuffer(content) ? null : await open(content.path);
  // A large file is read as it is hashed.
  const binary = handle === null ? (content as Buffer) : bytesOf(handle);
  const message = (await pgp.createMessage({ binary })) as unknown as Message<Uint8Array>;
  if (handle !== null) readOnce(message);
  const { signatures } = await pgp.verify({
    message,
    signature: read,
    verificationKeys: keys,
    date: now,
    format: 'binary',
  });
  // The file has to stay open until it was read.
  return await signerOf(file, signatures, keys);
}

/**
 * A text that carries its signature.
 * @returns the text that is signed, and nothing that stands around it
 * @throws PhyllomeError `signature-refused`
 */
export async function openClearSigned(
  file: string,
  text: string,
  trusted: TrustedKeys,
  now = new Date(),
): Promise<{ text: string; signer: Signer }> {
  const pgp = await import('openpgp');
  const keys = await keysOf(file, trusted, now);
  // Who writes around the signed part hopes that it is read, too.
  const begin = text.indexOf('-----BEGIN PGP SIGNED MESSAGE-----');
  const end = '-----END PGP SIGNATURE-----';
  const last = text.indexOf(end, begin);
  if (begin === -1 || last === -1) throw refused(file, 'it is not signed, or cut off');
  let message: Awaited<ReturnType<typeof pgp.readCleartextMessage>>;
  try {
    message = await pgp.readCleartextMessage({ cleartextMessage: text.slice(begin, last + end.length) });
  } catch (error) {
    throw refused(file, 'its signature is damaged', error);
  }
  const { signatures, data } = await pgp.verify({ message, verificationKeys: keys, date: now });
  return { text: data, signer: await signerOf(file, signatures, keys) };
}

/** The keys that may sign now: those that expired or were taken back may not, whenever they signed. */
async function keysOf(file: string, { armoured, fingerprint }: TrustedKeys, now: Date): Promise<Key[]> {
  const { readKeys } = await import('openpgp');
  const keys = await readKeys({ armoredKeys: armoured });
  const known = keys.some((key) => key.getFingerprint().toUpperCase() === fingerprint);
  if (fingerprint !== undefined && !known)
    throw refused(file, `our copy of the key is not the one with the fingerprint ${fingerprint}`);
  const fit: Key[] = [];
  for (const key of keys) {
    // null: it never was one of somebody's. Infinity: it never ends.
    const expires = await key.getExpirationTime();
    const living = expires !== null && Number(expires) > now.getTime();
    if (living && !(await key.isRevoked(undefined, undefined, now))) fit.push(key);
  }
  if (fit.length === 0) throw refused(file, 'the key that signs it has expired or was taken back');
  return fit;
}

/** One good signature of a key we know is enough: a second one may be that of somebody we do not know. */
async function signerOf(
  file: string,
  signatures: Pick<VerifyMessageResult['signatures'][number], 'verified' | 'keyID'>[],
  keys: Key[],
): Promise<Signer> {
  let reason = 'it carries no signature';
  let cause: unknown;
  for (const { verified, keyID } of signatures) {
    try {
      await verified;
      const key = keys.find((one) => one.getKeys(keyID).length > 0);
      return key?.getUserIDs()[0] ?? keyID.toHex().toUpperCase();
    } catch (error) {
      cause = error;
      reason = reasonFor(error, keyID.toHex().toUpperCase());
    }
  }
  throw refused(file, reason, cause);
}

function reasonFor(error: unknown, keyId: string): string {
  const words = error instanceof Error ? error.message : String(error);
  if (/Could not find signing key/i.test(words)) return `it is signed with another key (${keyId})`;
  if (/did not match|verification failed/i.test(words)) return 'the signature is not one of this content';
  if (/expired/i.test(words)) return `its signature or the key ${keyId} has expired`;
  if (/future/i.test(words)) return 'it was signed in the future; is the clock of this PC right?';
  return `its signature does not hold (${words})`;
}

/** The library would keep a copy of all that it reads, gigabytes of it, for somebody who wants the text. */
function readOnce(message: Message<Uint8Array>): void {
  const literal = (message as unknown as { packets: { getBytes: (clone?: boolean) => unknown }[] })
    .packets[0];
  if (literal === undefined) throw new Error('a message without content');
  const read = literal.getBytes.bind(literal);
  literal.getBytes = () => read(false);
}

function bytesOf(handle: Awaited<ReturnType<typeof open>>): ReadableStream<Uint8Array> {
  const portion = 2 ** 22;
  let at = 0;
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { bytesRead, buffer } = await handle.read(new Uint8Array(portion), 0, portion, at);
      at += bytesRead;
      if (bytesRead === 0) controller.close();
      else controller.enqueue(buffer.subarray(0, bytesRead));
    },
  });
}
