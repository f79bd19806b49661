// SPDX-License-Identifier: Apache-2.0
import { createHash, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { expect, test } from 'vitest';
import { openSignify, readPublicKey, verifyMinisign, verifySignify } from './signify.ts';

const pair = () => {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  return { privateKey, raw: publicKey.export({ format: 'der', type: 'spki' }).subarray(-32) };
};
const number = Buffer.from('12345678');
const block = (comment: string, ...parts: (Buffer | string)[]) =>
  `untrusted comment: ${comment}\n${Buffer.concat(parts.map((part) => Buffer.from(part))).toString('base64')}\n`;
const publicText = (raw: Buffer, id = number) => block('public key', 'Ed', id, raw);
const signatureText = (key: KeyObject, content: Buffer, id = number, algorithm = 'Ed') => {
  const message = algorithm === 'ED' ? createHash('blake2b512').update(content).digest() : content;
  return block('signature', algorithm, id, sign(null, message, key));
};
const minisign = (key: KeyObject, content: Buffer, algorithm = 'ED', trusted = 'timestamp:1') => {
  const text = signatureText(key, content, number, algorithm);
  const signature = Buffer.from(text.split('\n')[1] ?? '', 'base64').subarray(10);
  const whole = sign(null, Buffer.concat([signature, Buffer.from(trusted)]), key).toString('base64');
  return `${text}trusted comment: ${trusted}\n${whole}\n`;
};

const ours = pair();
const other = pair();
const key = readPublicKey('key', publicText(ours.raw));
const content = Buffer.from('SHA256 (a.iso) = 0123\n');
const refused = (reason: RegExp) => ({ code: 'signature-refused', message: expect.stringMatching(reason) });

test('a list that carries its signature', () => {
  const text = signatureText(ours.privateKey, content);
  const signed = Buffer.concat([Buffer.from(text), content]);
  expect(openSignify('list', signed, key)).toEqual(content);
  const changed = Buffer.concat([Buffer.from(text), Buffer.from('SHA256 (a.iso) = 4567\n')]);
  expect(() => openSignify('list', changed, key)).toThrow(
    expect.objectContaining(refused(/not one of this/)),
  );
});

test('a signature beside its content; what does not hold is refused', () => {
  const good = signatureText(ours.privateKey, content);
  verifySignify('a', content, Buffer.from(good), key);
  const wrong: [string, RegExp][] = [
    [signatureText(other.privateKey, content), /not one of this content/],
    [signatureText(other.privateKey, content, Buffer.from('87654321')), /another key/],
    [signatureText(ours.privateKey, content, number, 'XX'), /not known/],
    [good.slice(0, -20), /not complete/],
    [good.split('\n')[0] ?? '', /no signature/],
    ['<html>\nnot found\n', /no signature/],
    ['', /no signature/],
  ];
  for (const [signature, reason] of wrong)
    expect(() => verifySignify('a', content, Buffer.from(signature), key)).toThrow(
      expect.objectContaining(refused(reason)),
    );
  expect(() => readPublicKey('key', block('key', 'RW', number, ours.raw))).toThrow(
    expect.objectContaining(refused(/not known/)),
  );
});

test('minisign: hashed first and not, with a comment that is signed too', async () => {
  for (const algorithm of ['Ed', 'ED'])
    await verifyMinisign('a', content, Buffer.from(minisign(ours.privateKey, content, algorithm)), key);
  const good = minisign(ours.privateKey, content);
  const wrong: [string, RegExp][] = [
    [minisign(other.privateKey, content), /not one of this content/],
    [minisign(ours.privateKey, Buffer.from('other')), /not one of this content/],
    [good.replace('timestamp:1', 'timestamp:2'), /comment of the signature was changed/],
    [good.split('\n').slice(0, 2).join('\n'), /comment of the signature was changed/],
    [minisign(ours.privateKey, content, 'XX'), /not known/],
  ];
  for (const [signature, reason] of wrong)
    await expect(verifyMinisign('a', content, Buffer.from(signature), key)).rejects.toMatchObject(
      refused(reason),
    );
});
