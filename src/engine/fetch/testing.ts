// SPDX-License-Identifier: Apache-2.0
//
// A server of this PC that gives media, or whatever a hostile one would give, and what fetches from it.
import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Download, EntryFile, Medium } from '../../catalog/entry-file.ts';
import type { CatalogSystem } from '../../catalog/read-entries.ts';
import { librarySandbox, type LibrarySandbox } from '../library-testing.ts';
import type { TaskContext } from '../tasks.ts';
import { createMediumFetcher, type FetchedMedium, type FetcherParts } from './fetch-medium.ts';

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

export interface FetchBox extends LibrarySandbox {
  /** What the server gives; a path that is not in it is a 404 */
  routes: Map<string, Buffer | string | Handler>;
  /** "GET /a.iso bytes=5-" as they came */
  asked: string[];
  /** With "/" behind */
  address: string;
  keys: EntryFile['keys'];
  keysFolder: string;
  fetch(download: Partial<Download>, options?: FetchOptions): Promise<FetchedMedium>;
}

interface FetchOptions {
  signal?: AbortSignal;
  steps?: (step: string) => void;
  parts?: Partial<FetcherParts>;
  medium?: Partial<Medium>;
}

export const sha256Of = (bytes: Buffer | string): string => createHash('sha256').update(bytes).digest('hex');

/** A file as well-behaved servers give it, with parts and a validator. */
export const serve =
  (bytes: Buffer, etag = `"${sha256Of(bytes).slice(0, 8)}"`): Handler =>
  (request, response) => {
    const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 'NaN');
    const condition = request.headers['if-range'];
    const same = condition === undefined || condition === etag;
    if (Number.isNaN(start) || !same || start >= bytes.length) {
      response.writeHead(200, { 'content-length': bytes.length, etag });
      response.end(bytes);
      return;
    }
    const range = `bytes ${start}-${bytes.length - 1}/${bytes.length}`;
    response.writeHead(206, { 'content-range': range, 'content-length': bytes.length - start, etag });
    response.end(bytes.subarray(start));
  };

/** Gives so many bytes of what is asked for and breaks the connection. */
export const breakAfter =
  (bytes: Buffer, length: number, etag = `"${sha256Of(bytes).slice(0, 8)}"`): Handler =>
  (request, response) => {
    const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? '0');
    const range = { 'content-range': `bytes ${start}-${bytes.length - 1}/${bytes.length}` };
    response.writeHead(start === 0 ? 200 : 206, {
      'content-length': bytes.length - start,
      etag,
      ...(start > 0 && range),
    });
    response.write(bytes.subarray(start, start + length), () => response.destroy());
  };

export async function fetchBox(): Promise<FetchBox> {
  const box = await librarySandbox();
  const routes: FetchBox['routes'] = new Map();
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const { method = '', url = '', headers } = request;
    asked.push([method, url, headers.range].filter(Boolean).join(' '));
    const route = routes.get(url);
    if (typeof route === 'function') route(request, response);
    else if (route === undefined) response.writeHead(404).end('not found');
    else response.end(route);
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const keysFolder = box.root;
  const keys: EntryFile['keys'] = [];

  const fetch: FetchBox['fetch'] = async (download, { signal, steps, parts, medium } = {}) => {
    const fetchMedium = createMediumFetcher({
      library: box.library,
      images: box.paths.images,
      partial: box.paths.partial,
      cacheDirectory: box.paths.cache,
      proxyEnv: {},
      patience: { pauses: [1, 1], silence: 300 },
      keysFolder,
      limits: { longest: 2 ** 22, slowest: 1024, wait: 1500 },
      ...parts,
    });
    const found = {
      system: { id: 'test', name: 'Test 1' },
      family: { id: 'test' },
      keys,
    } as unknown as CatalogSystem;
    const whole: Download = {
      folder: address,
      mirrors: [],
      file: String.raw`a\.iso`,
      packed: 'no',
      ...download,
    };
    const one: Medium = {
      id: 'iso',
      name: 'Installer',
      kind: 'installer',
      architecture: 'x86_64',
      download: whole,
      ...medium,
    };
    const context: TaskContext = {
      signal: signal ?? new AbortController().signal,
      progress: (step) => steps?.(step),
    };
    return fetchMedium(found, one, context);
  };

  return {
    ...box,
    routes,
    asked,
    address,
    keys,
    keysFolder,
    fetch,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await box[Symbol.asyncDispose]();
    },
  };
}

/** Puts a key among those of the entry. */
export async function trust(
  box: FetchBox,
  key: { name: string; kind: 'openpgp' | 'minisign' | 'signify'; text: string },
): Promise<void> {
  await writeFile(join(box.keysFolder, `${key.name}.key`), key.text);
  box.keys.push({ name: key.name, kind: key.kind, file: `${key.name}.key` });
}
