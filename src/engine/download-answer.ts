// SPDX-License-Identifier: Apache-2.0
//
// What the answer of a server means for a download. Everything in it is the word of a stranger.
import type { IncomingHttpHeaders } from 'node:http';
import { PhyllomeError } from '../contract/errors.ts';

export interface Answer {
  status: number;
  /** "Not Found"; made up by the server */
  words: string;
  headers: IncomingHttpHeaders;
}

const longestShown = 300;

/** An address as it may be shown and logged: what follows "?" may be a secret that was bought. */
export function shownUrl(url: URL): string {
  return `${url.protocol}//${url.host}${url.pathname}`.slice(0, longestShown);
}

/**
 * Reads an address from which something may be downloaded.
 * @param from the address that sent us here, when one did
 * @throws PhyllomeError `url-refused`
 */
export function readUrl(text: string, from?: URL): URL {
  const url = URL.parse(text, from);
  const refuse = (reason: string): never => {
    const shown = url === null ? JSON.stringify(text.slice(0, longestShown)) : shownUrl(url);
    const way = from === undefined ? '' : ` (${shownUrl(from)} leads there)`;
    throw new PhyllomeError('url-refused', { url: shown, reason: reason + way });
  };
  if (url === null) return refuse('it is not an address');
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    return refuse(`only http and https are known, not ${url.protocol.slice(0, -1)}`);
  if (url.username !== '' || url.password !== '') return refuse('it holds a user name or a password');
  url.hash = '';
  return url;
}

/**
 * Where an answer sends us, or null when it does not.
 * @param checked what comes is compared with a checksum, so that it does not matter who could exchange it on the way
 * @throws PhyllomeError `url-refused`, `download-failed`
 */
export function redirectOf(url: URL, { status, headers }: Answer, checked: boolean): URL | null {
  if (![301, 302, 303, 307, 308].includes(status)) return null;
  if (headers.location === undefined) throw failed(url, 'the server says that it moved, but not where to');
  const target = readUrl(headers.location, url);
  if (url.protocol === 'https:' && target.protocol === 'http:' && !checked) {
    const reason = `${shownUrl(url)} leads there from https, so that anybody on the way could exchange it; it needs a SHA-256 to compare with`;
    throw new PhyllomeError('url-refused', { url: shownUrl(target), reason });
  }
  return target;
}

/**
 * Refuses an answer that does not bring the file.
 * @param pages a web page may be what is asked for
 * @throws PhyllomeError `download-failed`, `image-unknown`
 */
export function requireContent(url: URL, { status, words, headers }: Answer, pages = false): void {
  if (status !== 200) throw failed(url, `the server answered ${`${status} ${words}`.trim()}`);
  const type = (headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase();
  if (!pages && (type === 'text/html' || type === 'application/xhtml+xml'))
    throw new PhyllomeError('image-unknown', { name: shownUrl(url), found: `a web page (${type})` });
  const encoding = headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity')
    throw failed(url, `the server compresses it (${encoding}), although it was asked not to`);
}

/** How many bytes a whole file has; null when the server does not say. */
export function lengthOf({ headers }: Answer): number | null {
  const length = headers['content-length'];
  return length !== undefined && /^\d{1,15}$/.test(length) ? Number(length) : null;
}

/** By which a later answer can be recognised as the same file (for If-Range); null when there is nothing such. */
export function validatorOf({ headers }: Answer): string | null {
  const { etag } = headers;
  // A weak one stands for files that are only much the same.
  if (etag !== undefined && !etag.startsWith('W/')) return etag;
  return headers['last-modified'] ?? null;
}

/** Does a 206 bring the rest of a file of `total` bytes from `at` on? */
export function isRest({ status, headers }: Answer, at: number, total: number | null): boolean {
  const range = /^bytes (\d{1,15})-(\d{1,15})\/(\d{1,15}|\*)$/.exec(headers['content-range'] ?? '');
  if (status !== 206 || range === null || Number(range[1]) !== at) return false;
  if (total === null) return true;
  return Number(range[2]) === total - 1 && (range[3] === '*' || Number(range[3]) === total);
}

/** The length of the whole file, of which a 206 brings a part; null when the server does not say. */
export function totalOf({ headers }: Answer): number | null {
  const total = /\/(\d{1,15})$/.exec(headers['content-range'] ?? '')?.[1];
  return total === undefined ? null : Number(total);
}

/** A failure that may pass by itself: the server is busy or being restarted. */
export const mayPass = ({ status }: Answer): boolean => status >= 500 || status === 408 || status === 429;

export function failed(url: URL, reason: string, cause?: unknown): PhyllomeError {
  return new PhyllomeError('download-failed', { url: shownUrl(url), reason }, { cause });
}
