// SPDX-License-Identifier: Apache-2.0
//
// Brings a medium of the catalogue into the library: resolves it, downloads it when it is not there already, verifies it,
// unpacks it, and writes down where it is from. Nothing gets a name in the library before all of that.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { verifications } from '../../contract/catalog.ts';
import { PhyllomeError } from '../../contract/errors.ts';
import type { Download, Medium } from '../../catalog/entry-file.ts';
import { fetchInstallerPackage } from '../../catalog/fetch/installer-package.ts';
import { keysFolder as ourKeys, type CatalogSystem } from '../../catalog/read-entries.ts';
import { explainNoSpace, namesIn } from '../../host/files.ts';
import { usualPatience, type Patience, type ProxyEnv } from '../download-source.ts';
import { imageExtensions, imageNameProblem } from '../image-name.ts';
import type { Library } from '../images.ts';
import type { TaskContext } from '../tasks.ts';
import { createAsk, type Ask } from './ask.ts';
import { isUntouched, readOrigin, writeOrigin, type Origin } from './origin.ts';
import { openPartial } from './partial.ts';
import { createQueue } from './queue.ts';
import { resolveDownload, verifySignature, type Resolved } from './resolve.ts';
import { transfer } from './transfer.ts';
import { unpack } from './unpack.ts';

export type FetchedMedium =
  | {
      kind: 'image';
      /** Absolute, in the library, and its name there */
      file: string;
      image: string;
      from: string;
      verified: (typeof verifications)[number];
      /** It was there already */
      kept: boolean;
    }
  | { kind: 'installer'; kernel: string; initrd: string; from: string; verified: 'apt' };

/** @throws PhyllomeError of everything that can be wrong with a download; the reason of the signal */
export type FetchMedium = (
  found: CatalogSystem,
  medium: Medium,
  context: TaskContext,
) => Promise<FetchedMedium>;

export interface FetcherParts {
  library: Pick<Library, 'take'>;
  /** Folder of the library, and the one for what is not complete, on the same file system */
  images: string;
  partial: string;
  cacheDirectory: string;
  proxyEnv: ProxyEnv;
  patience?: Patience;
  keysFolder?: string;
  limits?: { longest: number; slowest: number; wait: number };
}

// No image is longer (bytes); nobody waits for one that comes slower (bytes a second).
const usualLimits = { longest: 128 * 2 ** 30, slowest: 1024, wait: 90_000 };
const atOnce = 3;

export function createMediumFetcher(parts: FetcherParts): FetchMedium & { ask: Ask } {
  const { proxyEnv, patience = usualPatience, keysFolder = ourKeys, limits = usualLimits } = parts;
  const ask = createAsk({
    proxyEnv,
    patience: { ...patience, pauses: patience.pauses.slice(0, 2) },
    wait: limits.wait,
  });
  const queue = createQueue(atOnce);

  const fetchMedium: FetchMedium = async (found, medium, context) => {
    const { id, name } = found.system;
    const { download, packages, architecture } = medium;
    const { signal, progress } = context;
    if (packages !== undefined) {
      const { cacheDirectory } = parts;
      const files = await fetchInstallerPackage({
        package: packages.debian,
        architecture,
        cacheDirectory,
        progress,
        signal,
      });
      return { kind: 'installer', ...files, from: 'the package sources of this PC', verified: 'apt' };
    }
    if (download === undefined)
      throw new PhyllomeError('medium-brought', { name, page: medium.bring?.page ?? '' });
    // Two machines from one medium: the second finds what the first brought.
    return queue.alone(`${id}/${medium.id}`, signal, () => bring(found, medium, download, context));
  };

  async function bring(
    found: CatalogSystem,
    medium: Medium,
    download: Download,
    context: TaskContext,
  ): Promise<FetchedMedium> {
    const { signal, progress } = context;
    progress(`Asking ${new URL(download.folder).host} for the newest ${found.system.name}`, null);
    let resolved: Resolved;
    try {
      resolved = await resolveDownload(download, found.keys, { ask, keysFolder }, signal);
    } catch (error) {
      // Without a network, what was verified before is as good as it was then.
      const kept = isUnreachable(error) ? await findKept(found, medium, null, context) : null;
      if (kept === null) throw error;
      return kept;
    }
    const published =
      resolved.expected === null ? null : `${resolved.expected.algorithm}:${resolved.expected.hash}`;
    const kept = await findKept(found, medium, { published, name: resolved.name }, context);
    if (kept !== null) return kept;
    progress('Waiting for other downloads', null);
    return queue.some(signal, () => receive(found, medium, download, resolved, published, context));
  }

  async function receive(
    { system, keys }: CatalogSystem,
    medium: Medium,
    download: Download,
    resolved: Resolved,
    published: string | null,
    context: TaskContext,
  ): Promise<FetchedMedium> {
    const { signal, progress } = context;
    const [first] = resolved.addresses;
    const partial = await openPartial(
      parts.partial,
      published ?? `${first?.href ?? ''} ${system.id}/${medium.id}`,
    );
    if (published === null && resolved.signature === null) await partial.remove();
    const about = { entry: system.id, medium: medium.id };
    const usual = (medium.size ?? 0) * 4 + 2 ** 30;
    const longest = medium.size === undefined ? limits.longest : Math.min(usual, limits.longest);
    const transferParts = { proxyEnv, patience, folder: parts.images, longest, slowest: limits.slowest };
    try {
      const { host, sha256 } = await transfer(resolved, partial, about, transferParts, context);
      let { signer } = resolved;
      if (resolved.signature !== null) {
        progress(`Verifying the signature of ${resolved.name}`, null);
        const content = { path: partial.file };
        const address = first?.href ?? '';
        ({ signer } = await verifySignature(
          content,
          address,
          resolved.signature,
          keys,
          { ask, keysFolder },
          signal,
        ));
      }
      signal.throwIfAborted();
      const { packed } = download;
      let [file, name, hash] = [partial.file, resolved.name, sha256];
      if (packed !== 'no') {
        file = partial.unpacked;
        await rm(file, { force: true });
        const unpacking = {
          packing: packed,
          file: partial.file,
          target: file,
          name,
          folder: parts.images,
          longest: limits.longest,
        };
        const inside = await unpack(unpacking, context);
        name = unpackedName(name, packed, inside);
        hash = await hashFile(file, signal, (done) =>
          progress(`Storing ${name}`, null, { done, total: null }),
        );
      }
      signal.throwIfAborted();
      const image = await storeAs(file, name);
      const { size, mtimeNs } = await stat(image.file, { bigint: true });
      const origin: Origin = {
        formatVersion: 1,
        name: image.name,
        ...about,
        host,
        verified: resolved.verified,
        signer,
        published,
        bytes: Number(size),
        modified: mtimeNs.toString(),
        sha256: hash,
      };
      await writeOrigin(parts.images, origin);
      await partial.remove();
      return imageOf(image, origin, false);
    } catch (error) {
      // What was found to be wrong is of no use to anybody, and neither is what cannot be recognised later.
      if (!signal.aborted && isWrong(error)) await partial.remove();
      if (published === null && resolved.signature === null) await partial.remove();
      throw explainNoSpace(error, `the image ${resolved.name}`, parts.images);
    }
  }

  /** Under the name its makers gave it, or the next one that is free. */
  async function storeAs(file: string, wanted: string): Promise<{ name: string; file: string }> {
    const safe = imageNameProblem(wanted) === null ? wanted : 'medium.iso';
    for (let number = 1; ; number += 1) {
      const name = number === 1 ? safe : numbered(safe, number);
      try {
        return await parts.library.take(name, file);
      } catch (error) {
        const taken = error instanceof PhyllomeError && error.code === 'file-exists';
        if (!taken || number > 100) throw error;
      }
    }
  }

  /**
   * What an earlier download left in the library, if it is the file that was stored then.
   * @param wanted what is published now; null: whatever was
   */
  async function findKept(
    found: CatalogSystem,
    medium: Medium,
    wanted: { published: string | null; name: string } | null,
    { signal, progress }: TaskContext,
  ): Promise<FetchedMedium | null> {
    const origins = (await namesIn(parts.images))
      .filter((name) => imageNameProblem(name) === null)
      .flatMap((name) => readOrigin(parts.images, name) ?? [])
      .filter((one) => one.entry === found.system.id && one.medium === medium.id)
      .filter((one) => wanted === null || (one.published !== null && one.published === wanted.published));
    for (const origin of origins) {
      const file = join(parts.images, origin.name);
      const stamp = await stat(file, { bigint: true });
      const image = { name: origin.name, file };
      if (isUntouched(origin, stamp)) return imageOf(image, origin, true);
      // Somebody touched it: only its content can tell.
      if (Number(stamp.size) !== origin.bytes) continue;
      const total = origin.bytes;
      const hash = await hashFile(file, signal, (done) =>
        progress(`Reading ${origin.name}`, null, { done, total }),
      );
      if (hash !== origin.sha256) continue;
      await writeOrigin(parts.images, { ...origin, modified: stamp.mtimeNs.toString() });
      return imageOf(image, origin, true);
    }
    return null;
  }

  return Object.assign(fetchMedium, { ask });
}

const imageOf = (
  image: { name: string; file: string },
  { host, verified }: Origin,
  kept: boolean,
): FetchedMedium => ({
  kind: 'image',
  file: image.file,
  image: image.name,
  from: host,
  verified,
  kept,
});

const codeOf = (error: unknown): string => (error instanceof PhyllomeError ? error.code : '');
const isUnreachable = (error: unknown): boolean => codeOf(error) === 'download-failed';
const isWrong = (error: unknown): boolean =>
  ['checksum-mismatch', 'signature-refused', 'image-unknown', 'unpack-failed'].includes(codeOf(error));

function unpackedName(name: string, packing: string, inside: string | null): string {
  const ends: Record<string, RegExp> = {
    xz: /\.xz$/i,
    gz: /\.gz$/i,
    bz2: /\.bz2$/i,
    zst: /\.zst$/i,
    zip: /\.zip$/i,
  };
  const bare = name.replace(ends[packing] ?? /$^/, '');
  if (inside === null || imageExtensions.test(bare)) return bare;
  return `${bare}${/\.[a-z0-9]+$/i.exec(inside)?.[0].toLowerCase() ?? ''}`;
}

function numbered(name: string, number: number): string {
  const end = imageExtensions.exec(name)?.[0] ?? '';
  return `${basename(name, end)} (${number})${end}`;
}

async function hashFile(
  file: string,
  signal: AbortSignal,
  progress: (done: number) => void,
): Promise<string> {
  const hash = createHash('sha256');
  let done = 0;
  for await (const piece of createReadStream(file, {
    signal,
    highWaterMark: 2 ** 20,
  }) as AsyncIterable<Buffer>) {
    hash.update(piece);
    done += piece.length;
    progress(done);
  }
  return hash.digest('hex');
}
