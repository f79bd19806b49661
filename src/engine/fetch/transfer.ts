// SPDX-License-Identifier: Apache-2.0
//
// Brings a file from the first server that gives it, going on where an earlier attempt ended, and compares it as a whole
// with what it has to be.
import { createHash, type Hash } from 'node:crypto';
import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { PhyllomeError } from '../../contract/errors.ts';
import { hashNames } from '../../catalog/fetch/checksum-list.ts';
import { writeAll } from '../../host/files.ts';
import { failed } from '../download-answer.ts';
import { openSource, type Patience, type ProxyEnv, type Source } from '../download-source.ts';
import { requireSpace } from '../free-space.ts';
import type { TaskContext } from '../tasks.ts';
import type { Partial, PartialNote } from './partial.ts';
import type { Resolved } from './resolve.ts';

export interface TransferParts {
  proxyEnv: ProxyEnv;
  patience: Patience;
  /** Folder whose file system has to take it */
  folder: string;
  /** More bytes than these cannot be right */
  longest: number;
  /** Slower than this over a minute (bytes a second) is as good as dead */
  slowest: number;
}

export interface Transferred {
  /** Host that gave the last of it */
  host: string;
  sha256: string;
}

// Written to the disk at least so often (bytes), so that an interruption loses little and a full disk shows early.
const portion = 64 * 2 ** 20;
const slowWindow = 60_000; // ms

/**
 * @returns when the partial file is complete and is what it has to be, as far as a checksum says that
 * @throws PhyllomeError `checksum-mismatch` (then nothing of it is kept), `download-failed`, `image-unknown`, `no-space`;
 *   the reason of the signal
 */
export async function transfer(
  resolved: Resolved,
  partial: Partial,
  about: Pick<PartialNote, 'entry' | 'medium'>,
  parts: TransferParts,
  context: TaskContext,
): Promise<Transferred> {
  const { expected, name } = resolved;
  for (let whole = false; ; whole = true) {
    if (whole) await partial.remove();
    const { found, pieced, ...transferred } = await bring(resolved, partial, about, parts, context);
    if (expected === null || found === expected.hash) return transferred;
    // A file put together from several attempts or servers may be a mixture of two; one that came in one piece is wrong.
    await partial.remove();
    if (whole || !pieced)
      throw new PhyllomeError('checksum-mismatch', { name, expected: expected.hash, found: found ?? '' });
  }
}

interface Brought extends Transferred {
  /** The hash that is asked for */
  found: string | null;
  pieced: boolean;
}

async function bring(
  resolved: Resolved,
  partial: Partial,
  about: Pick<PartialNote, 'entry' | 'medium'>,
  parts: TransferParts,
  context: TaskContext,
): Promise<Brought> {
  const { addresses, expected, name } = resolved;
  const known = await partial.note();
  const anew = known === null ? constants.O_TRUNC : 0;
  await using handle = await open(partial.file, constants.O_RDWR | constants.O_CREAT | anew, 0o600);
  const sums = createSums(expected?.algorithm ?? 'sha256');
  let length = await readAll(handle, sums, name, context);
  let note: PartialNote = known ?? {
    formatVersion: 1,
    name,
    ...about,
    address: '',
    validator: null,
    total: null,
  };
  let pieced = length > 0;
  const keepable = expected !== null || resolved.signature !== null;

  for (const [index, url] of addresses.entries()) {
    const last = index === addresses.length - 1;
    const patience = last ? parts.patience : { ...parts.patience, pauses: parts.patience.pauses.slice(0, 2) };
    const same = note.address === url.href && note.validator !== null;
    // Another server has other marks for the same file; the checksum of the whole tells whether it was the same.
    const had =
      length > 0 && (same || expected !== null)
        ? { at: length, validator: same ? note.validator : null, total: note.total }
        : undefined;
    try {
      if (had !== undefined && length === note.total) return result(url);
      context.progress(`Asking ${url.host}`, null);
      const options = { url, signal: context.signal, checked: keepable, proxyEnv: parts.proxyEnv, patience };
      const source = await openSource(had === undefined ? options : { ...options, had });
      try {
        await receive(source, url);
      } finally {
        source.close();
      }
      return result(url);
    } catch (error) {
      if (context.signal.aborted || last || !isOfServer(error)) throw error;
      pieced = length > 0;
    }
  }
  throw new Error('a download without an address');

  function result(url: URL): Brought {
    const { sha256, wanted } = sums.digest();
    return { host: url.host, sha256, found: expected === null ? null : wanted, pieced };
  }

  async function receive(source: Source, url: URL): Promise<void> {
    let unsynced = 0;
    const speed = createSpeedGuard(parts.slowest);
    const space = (): Promise<void> =>
      requireSpace(parts.folder, Math.max(0, (source.total ?? 0) - length), `the image ${name}`);
    const remember = async (): Promise<void> => {
      note = { ...note, address: url.href, validator: source.validator, total: source.total };
      if (keepable) await partial.write(note);
    };
    if ((source.total ?? 0) > parts.longest) throw tooLong(url);
    await space();
    await remember();
    for await (const { at, bytes } of source.content()) {
      if (at === 0 && length > 0) {
        // The server begins anew: the file is another one, or it knows no parts.
        await handle.truncate(0);
        sums.restart();
        length = 0;
        pieced = false;
        await remember();
      }
      if (at !== length) throw failed(url, 'the server sent another part than the one that was missing');
      await writeAll(handle, bytes, length);
      sums.update(bytes);
      length += bytes.length;
      if (length > parts.longest) throw tooLong(url);
      if (speed.isTooSlow(bytes.length)) throw failed(url, 'it comes so slowly that it would never end');
      unsynced += bytes.length;
      if (unsynced >= portion) {
        unsynced = 0;
        await handle.datasync();
        await space();
      }
      context.progress(`Downloading from ${url.host}`, null, { done: length, total: source.total });
    }
    await handle.datasync();
  }
}

const tooLong = (url: URL): PhyllomeError => failed(url, 'it is longer than this medium can be');

/** What another server may do better; a full disk it cannot. */
function isOfServer(error: unknown): boolean {
  return (
    error instanceof PhyllomeError && ['download-failed', 'image-unknown', 'url-refused'].includes(error.code)
  );
}

interface Sums {
  update(bytes: Uint8Array): void;
  restart(): void;
  digest(): { sha256: string; wanted: string };
}

/** SHA-256, by which we know the file later, and what its makers published, when that is another one. */
function createSums(algorithm: keyof typeof hashNames): Sums {
  const begin = (): Hash[] => [...new Set(['sha256', hashNames[algorithm]])].map((name) => createHash(name));
  let hashes = begin();
  return {
    update: (bytes) => hashes.forEach((hash) => hash.update(bytes)),
    restart: () => void (hashes = begin()),
    digest() {
      const [sha256 = '', wanted = sha256] = hashes.map((hash) => hash.digest('hex'));
      return { sha256, wanted };
    },
  };
}

async function readAll(
  handle: FileHandle,
  sums: Sums,
  name: string,
  { signal, progress }: TaskContext,
): Promise<number> {
  const buffer = Buffer.alloc(2 ** 20);
  const { size } = await handle.stat();
  let length = 0;
  for (;;) {
    signal.throwIfAborted();
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, length);
    if (bytesRead === 0) return length;
    sums.update(buffer.subarray(0, bytesRead));
    length += bytesRead;
    progress(`Reading what there is of ${name}`, null, { done: length, total: size });
  }
}

function createSpeedGuard(slowest: number, now: () => number = () => performance.now()) {
  let since = now();
  let came = 0;
  return {
    isTooSlow(bytes: number): boolean {
      came += bytes;
      const passed = now() - since;
      if (passed < slowWindow) return false;
      const slow = came / (passed / 1000) < slowest;
      since = now();
      came = 0;
      return slow;
    },
  };
}
