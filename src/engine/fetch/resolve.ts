// SPDX-License-Identifier: Apache-2.0
//
// From what an entry says about a download to one file, the addresses it lies at, and what it has to be. Everything that is
// read on the way is the word of strangers until a signature says otherwise; the file itself is not asked for here.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { verifications } from '../../contract/catalog.ts';
import { PhyllomeError } from '../../contract/errors.ts';
import type { Download, EntryFile } from '../../catalog/entry-file.ts';
import {
  isPlainName,
  readChecksums,
  type Algorithm,
  type Checksum,
} from '../../catalog/fetch/checksum-list.ts';
import { linkedNames, newestName } from '../../catalog/fetch/newest.ts';
import { openClearSigned, verifyDetached, type TrustedKeys } from '../../catalog/fetch/openpgp.ts';
import { openSignify, readPublicKey, verifyMinisign, verifySignify } from '../../catalog/fetch/signify.ts';
import { findRelease, literalName, ofRelease } from '../../catalog/find-release.ts';
import { readUrl } from '../download-answer.ts';
import type { Ask } from './ask.ts';

type SignatureOf = NonNullable<Download['signature']>;

export interface Resolved {
  /** As its makers call it; a plain name */
  name: string;
  /** Where it lies, the first choice first */
  addresses: URL[];
  /** Null: only a signature of the file itself vouches for it, or nothing */
  expected: { algorithm: Algorithm; hash: string } | null;
  /** Over the file itself */
  signature: SignatureOf | null;
  verified: (typeof verifications)[number];
  /** Whoever signed the list, e.g. "Debian CD signing key <…>" */
  signer: string | null;
}

export interface ResolveParts {
  ask: Ask;
  keysFolder: string;
}

/**
 * @throws PhyllomeError `release-not-found`, `checksums-unusable`, `signature-refused`, `download-failed`, `url-refused`;
 *   the reason of the signal
 */
export async function resolveDownload(
  given: Download,
  keys: EntryFile['keys'],
  { ask, keysFolder }: ResolveParts,
  signal: AbortSignal,
): Promise<Resolved> {
  const download = await atRelease(given, ask, signal);
  const { folder, checksums, sha256, signature = null } = download;
  const listed = checksums?.url.includes('{file}') === false && literalOrNull(checksums.url, folder) === null;
  const list = listed ? await readList(download, keys, { ask, keysFolder }, null, signal) : null;
  const name = await nameOf(download, list?.names ?? null, ask, signal);
  const own =
    list ??
    (checksums === undefined ? null : await readList(download, keys, { ask, keysFolder }, name, signal));
  const fromList = own === null ? null : hashOf(own.checksums, name, own.address, own.onlyThis);
  const algorithm = checksums?.algorithm ?? 'sha256';
  const expected =
    sha256 !== undefined
      ? { algorithm: 'sha256' as const, hash: sha256 }
      : fromList === null
        ? null
        : { algorithm, hash: fromList };
  // A mirror may only give what something else vouches for.
  const places = expected === null && signature === null ? [folder] : [folder, ...download.mirrors];
  const addresses = places.map((place) =>
    readUrl(encodeURIComponent(name).replaceAll('%2B', '+'), readUrl(place)),
  );
  if (expected === null && signature === null && addresses.some(({ protocol }) => protocol !== 'https:'))
    throw new PhyllomeError('url-refused', {
      url: folder,
      reason: 'nothing vouches for what lies there, and anybody on the way could change it',
    });
  const signed = own?.signer ?? null;
  const verified = checksums?.signature?.kind ?? signature?.kind ?? (expected === null ? 'none' : 'checksum');
  return { name, addresses, expected, signature, verified, signer: signed };
}

async function atRelease(download: Download, ask: Ask, signal: AbortSignal): Promise<Download> {
  if (download.find === undefined) return download;
  const { page, pattern } = download.find;
  const found = findRelease((await ask(page, signal)).toString('utf8'), pattern);
  if (found === null) throw new PhyllomeError('release-not-found', { url: page, pattern });
  return ofRelease(download, found);
}

async function nameOf(
  { file, folder }: Download,
  names: string[] | null,
  ask: Ask,
  signal: AbortSignal,
): Promise<string> {
  const literal = literalName(file);
  if (literal !== null) return literal;
  const known = names ?? linkedNames((await ask(folder, signal)).toString('utf8'), readUrl(folder));
  const name = newestName(known.filter(isPlainName), file);
  if (name === null) throw new PhyllomeError('release-not-found', { url: folder, pattern: file });
  return name;
}

interface List {
  address: string;
  checksums: Checksum[];
  names: string[];
  signer: string | null;
  /** It stands for this one file, whatever name is in it */
  onlyThis: boolean;
}

async function readList(
  { checksums, folder }: Download,
  keys: EntryFile['keys'],
  parts: ResolveParts,
  name: string | null,
  signal: AbortSignal,
): Promise<List> {
  if (checksums === undefined) throw new Error('a list was asked for where none is named');
  const { url, algorithm, signature } = checksums;
  const address = readUrl(url.replaceAll('{file}', encodeURIComponent(name ?? '')), readUrl(folder)).href;
  const raw = await parts.ask(address, signal);
  const { bytes, signer } =
    signature === undefined
      ? { bytes: raw, signer: null }
      : await verifySignature(raw, address, signature, keys, parts, signal);
  const text = bytes.toString('utf8');
  const found = readChecksums(text, algorithm);
  if (found.length === 0)
    throw new PhyllomeError('checksums-unusable', {
      url: address,
      reason: /<html|<!doctype/i.test(text.slice(0, 1000))
        ? 'it is a web page'
        : `no ${algorithm} stands in it`,
    });
  return {
    address,
    checksums: found,
    names: found.flatMap(({ name: listed }) => listed ?? []),
    signer,
    onlyThis: url.includes('{file}') || literalOrNull(url, folder) !== null,
  };
}

/** The file that an address of a list stands for by its own name: ".../x.iso.sha256" is that of "x.iso". */
function literalOrNull(url: string, folder: string): string | null {
  const last = URL.parse(url, folder)?.pathname.split('/').at(-1) ?? '';
  return /^(.+)\.(?:sha256(?:sum)?|sha512(?:sum)?|md5|DIGESTS)$/i.exec(last)?.[1] ?? null;
}

function hashOf(checksums: Checksum[], name: string, url: string, onlyThis: boolean): string {
  const named = checksums.filter((one) => one.name === name);
  const hashes = new Set((named.length > 0 ? named : onlyThis ? checksums : []).map(({ hash }) => hash));
  const [hash] = hashes;
  if (hash === undefined)
    throw new PhyllomeError('checksums-unusable', { url, reason: `${name} is not in it` });
  if (hashes.size > 1)
    throw new PhyllomeError('checksums-unusable', { url, reason: `it holds several checksums for ${name}` });
  return hash;
}

/**
 * Verifies what was read, or a file that was downloaded, against one of our keys.
 * @param address of what is signed; a signature lies beside it
 * @returns what is signed, and by whom
 * @throws PhyllomeError `signature-refused`, `download-failed`
 */
export async function verifySignature<Content extends Buffer | { path: string }>(
  content: Content,
  address: string,
  { kind, file, key: keyName }: SignatureOf,
  keys: EntryFile['keys'],
  { ask, keysFolder }: ResolveParts,
  signal: AbortSignal,
): Promise<{ bytes: Content; signer: string }> {
  const key = keys.find(({ name }) => name === keyName);
  if (key === undefined) throw new Error(`no key ${keyName} in the entry's file`);
  const text = await readFile(join(keysFolder, key.file), 'utf8');
  const trusted: TrustedKeys = { armoured: text, fingerprint: key.fingerprint };
  if (file === 'inline') {
    if (!Buffer.isBuffer(content)) throw new Error('only lists carry their signature');
    if (kind === 'openpgp') {
      const opened = await openClearSigned(address, content.toString('utf8'), trusted);
      return { bytes: Buffer.from(opened.text) as Content, signer: opened.signer };
    }
    return {
      bytes: openSignify(address, content, readPublicKey(key.file, text)) as Content,
      signer: keyName,
    };
  }
  const beside = file.startsWith('.') ? address + file : new URL(file, address).href;
  const signature = await ask(beside, signal);
  if (kind === 'openpgp')
    return { bytes: content, signer: await verifyDetached(address, content, signature, trusted) };
  const publicKey = readPublicKey(key.file, text);
  if (kind === 'minisign') await verifyMinisign(address, content, signature, publicKey);
  else if (Buffer.isBuffer(content)) verifySignify(address, content, signature, publicKey);
  else throw new Error('signify signs lists');
  return { bytes: content, signer: keyName };
}
