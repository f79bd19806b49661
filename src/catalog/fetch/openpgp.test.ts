// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import * as pgp from 'openpgp';
import { expect, test } from 'vitest';
import { openClearSigned, verifyDetached } from './openpgp.ts';

const makeKey = (name: string, more = {}) =>
  pgp.generateKey({ userIDs: [{ name }], format: 'object', ...more });
const ours = await makeKey('Ours');
const other = await makeKey('Other');
const trusted = {
  armoured: ours.publicKey.armor(),
  fingerprint: ours.publicKey.getFingerprint().toUpperCase(),
};
const content = Buffer.from('0123  a.iso\n');

const detached = async (bytes: Buffer, signer = ours, options = {}) =>
  Buffer.from(
    (await pgp.sign({
      message: await pgp.createMessage({ binary: bytes }),
      signingKeys: signer.privateKey,
      detached: true,
      format: 'binary',
      ...options,
    })) as Uint8Array,
  );
const clear = async (text: string, signer = ours) =>
  pgp.sign({ message: await pgp.createCleartextMessage({ text }), signingKeys: signer.privateKey });
const refusedFor = (reason: RegExp) => ({
  code: 'signature-refused',
  message: expect.stringMatching(reason),
});

test('a signature beside its content, as bytes and in armour, with another one that nobody knows', async () => {
  const good = await detached(content);
  expect(await verifyDetached('a', content, good, trusted)).toBe('Ours');
  const armoured = (await pgp.readSignature({ binarySignature: good })).armor();
  expect(await verifyDetached('a', content, Buffer.from(armoured), trusted)).toBe('Ours');
  const both = Buffer.concat([await detached(content, other), good]);
  expect(await verifyDetached('a', content, both, trusted)).toBe('Ours');
});

test('a large file is hashed as it is read, and not kept', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'phyllome-pgp-'));
  const path = join(folder, 'large');
  const large = Buffer.alloc(40 * 2 ** 20, 'x');
  await writeFile(path, large);
  const signature = await detached(large);
  // Without it, this would measure when somebody cares to collect.
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const held = (): number => {
    collect();
    return process.memoryUsage().arrayBuffers;
  };
  const before = held();
  let most = 0;
  const watch = setInterval(() => (most = Math.max(most, held() - before)), 40);
  try {
    expect(await verifyDetached('large', { path }, signature, trusted)).toBe('Ours');
    expect(most).toBeLessThan(24 * 2 ** 20);
    await writeFile(path, 'y', { flag: 'a' });
    await expect(verifyDetached('large', { path }, signature, trusted)).rejects.toMatchObject(
      refusedFor(/not one of this content/),
    );
  } finally {
    clearInterval(watch);
    await rm(folder, { recursive: true });
  }
});

test('what does not hold is refused with the reason', async () => {
  const good = await detached(content);
  const check = (bytes: Buffer, signature: Buffer, keys = trusted, now = new Date()) =>
    verifyDetached('a', bytes, signature, keys, now);
  await expect(check(content, await detached(content, other))).rejects.toMatchObject(
    refusedFor(/signed with another key \([0-9A-F]{16}\)/),
  );
  await expect(check(Buffer.from('other'), good)).rejects.toMatchObject(
    refusedFor(/not one of this content/),
  );
  for (const length of [0, 1, 10, good.length - 1])
    await expect(check(content, good.subarray(0, length))).rejects.toMatchObject({
      code: 'signature-refused',
    });
  await expect(check(content, Buffer.from('<html>404</html>'))).rejects.toMatchObject({
    code: 'signature-refused',
  });
  const strange = { ...trusted, fingerprint: other.publicKey.getFingerprint().toUpperCase() };
  await expect(check(content, good, strange)).rejects.toMatchObject(
    refusedFor(/not the one with the fingerprint/),
  );
  await expect(check(content, good, trusted, new Date('2001-01-01'))).rejects.toMatchObject({
    code: 'signature-refused',
  });
});

test('a key that expired or was taken back vouches for nothing, whenever it signed', async () => {
  const day = 86_400_000;
  const made = new Date(Date.now() - 10 * day);
  const short = await makeKey('Short', { keyExpirationTime: 86_400, date: made });
  const signature = await detached(content, short, { date: new Date(made.getTime() + 1000) });
  const keys = { armoured: short.publicKey.armor(), fingerprint: undefined };
  expect(await verifyDetached('a', content, signature, keys, new Date(made.getTime() + 2000))).toBe('Short');
  await expect(verifyDetached('a', content, signature, keys)).rejects.toMatchObject(
    refusedFor(/has expired/),
  );
  const { publicKey } = await pgp.revokeKey({
    key: ours.publicKey,
    revocationCertificate: ours.revocationCertificate,
    format: 'armored',
  });
  const revoked = { armoured: publicKey, fingerprint: undefined };
  await expect(verifyDetached('a', content, await detached(content), revoked)).rejects.toMatchObject(
    refusedFor(/taken back/),
  );
});

test('a text that carries its signature gives only what is signed', async () => {
  const text = 'SHA256 (a.iso) = 0123';
  const signed = await clear(text);
  expect(await openClearSigned('list', signed, trusted)).toEqual({ text, signer: 'Ours' });
  const around = `SHA256 (a.iso) = bad\n${signed}\nSHA256 (a.iso) = bad\n`;
  expect((await openClearSigned('list', around, trusted)).text).toBe(text);
  const wrong = [
    [signed.replace('0123', '4567'), /not one of this content/],
    [await clear(text, other), /another key/],
    [signed.slice(0, -60), /cut off/],
    [text, /not signed/],
    [signed.replace(/\n[A-Za-z0-9+/=]{30,}\n/, '\n'), /./],
  ] as const;
  for (const [list, reason] of wrong)
    await expect(openClearSigned('list', list, trusted)).rejects.toMatchObject(refusedFor(reason));
});
