// SPDX-License-Identifier: Apache-2.0
//
// Reads the small files of an update folder behind a URL. Whoever answers may be anybody: length, time and redirections are
// bounded, and nothing of it is believed before its signature was checked.
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { get as getPlain, type IncomingMessage } from 'node:http';
import { get as getSecret } from 'node:https';
import { getCACertificates } from 'node:tls';
import { fileURLToPath } from 'node:url';
import { PhyllomeError, reasonOf } from '../../contract/errors.ts';

export interface SmallFileOptions {
  /** Where it is, for people */
  from: string;
  signal: AbortSignal;
  /** The most it may have (bytes) */
  longest: number;
}

const mostRedirections = 5;
// A server that gives away a byte now and then would keep us for years (ms).
const longestWait = 60_000;

/** @throws PhyllomeError `os-update-unreachable`, `os-update-unusable`; the reason of the signal */
export async function readSmallFile(url: URL, options: SmallFileOptions): Promise<Buffer> {
  const late = AbortSignal.timeout(longestWait);
  try {
    if (url.protocol === 'file:') return await readLocal(url, options);
    return await readHttp(url, AbortSignal.any([options.signal, late]), options, mostRedirections);
  } catch (error) {
    if (error instanceof PhyllomeError) throw error;
    options.signal.throwIfAborted();
    const reason = late.aborted ? `it did not come within ${longestWait / 1000} seconds` : reasonOf(error);
    throw unreachable(options.from, reason, error);
  }
}

async function readLocal(url: URL, { from, longest }: SmallFileOptions): Promise<Buffer> {
  // No link and no device: on a stick of somebody else anything may stand.
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  await using handle = await open(fileURLToPath(url), flags);
  const found = await handle.stat();
  if (!found.isFile()) throw unusable(from, `${nameOf(url)} is no file`);
  if (found.size > longest) throw tooLong(from, url, longest);
  const bytes = Buffer.alloc(found.size);
  const { bytesRead } = await handle.read(bytes, 0, found.size, 0);
  return bytes.subarray(0, bytesRead);
}

async function readHttp(
  url: URL,
  signal: AbortSignal,
  options: SmallFileOptions,
  redirections: number,
): Promise<Buffer> {
  const answer = await request(url, signal);
  const { statusCode = 0, headers } = answer;
  if (statusCode >= 300 && statusCode < 400 && headers.location !== undefined) {
    answer.resume();
    const next = new URL(headers.location, url);
    if (redirections === 0) throw new Error('it leads round in circles');
    // What was asked for in secret is not read in the clear.
    if (next.protocol !== 'https:' && next.protocol !== url.protocol)
      throw new Error(`it leads to ${next.protocol}`);
    return readHttp(next, signal, options, redirections - 1);
  }
  if (statusCode !== 200) {
    answer.resume();
    throw new Error(`the server answers ${statusCode} to ${nameOf(url)}`);
  }
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of answer as AsyncIterable<Buffer>) {
    length += piece.length;
    if (length > options.longest) {
      answer.destroy();
      throw tooLong(options.from, url, options.longest);
    }
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

function request(url: URL, signal: AbortSignal): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const asked =
      url.protocol === 'https:'
        ? // systemd-sysupdate believes whom this PC believes, so we do as well.
          getSecret(url, { signal, ca: [...getCACertificates('default'), ...getCACertificates('system')] })
        : getPlain(url, { signal });
    asked.once('response', resolve);
    asked.once('error', reject);
  });
}

const nameOf = (url: URL): string => url.pathname.split('/').pop() ?? '';
const unreachable = (from: string, reason: string, cause: unknown): PhyllomeError =>
  new PhyllomeError('os-update-unreachable', { from, reason }, { cause });
const unusable = (from: string, reason: string): PhyllomeError =>
  new PhyllomeError('os-update-unusable', { from, reason });
const tooLong = (from: string, url: URL, longest: number): PhyllomeError =>
  unusable(from, `${nameOf(url)} has more than ${longest} bytes`);
