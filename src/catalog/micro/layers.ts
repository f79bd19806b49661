// SPDX-License-Identifier: Apache-2.0
import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { readSome } from './read-some.ts';
import { imageInvalid } from './problem.ts';

/** One archive of an image: a file, and what is known of its bytes. */
export interface Layer {
  file: string;
  /** sha256 (hex) of the file as it is; left out: nobody said */
  digest?: string;
  /** sha256 (hex) of the archive in it, unpacked; left out: nobody said */
  diffId?: string;
}

// A kilobyte of gzip can be a gigabyte of zeros; a root file system is no larger than this (bytes).
const largestLayer = 256 * 2 ** 30;

const magics = [
  ['gzip', '1f8b'],
  ['zstd', '28b52ffd'],
  ['xz', 'fd377a585a00'],
  ['bzip2', '425a68'],
  ['lz4', '04224d18'],
] as const;

type Packing = (typeof magics)[number][0];

/** How a file is packed, by its first bytes: what a manifest says of it may be wrong. */
async function packingOf(file: string): Promise<Packing | null> {
  const beginning = (await readSome(file, 6)).toString('hex');
  return magics.find(([, magic]) => beginning.startsWith(magic))?.[0] ?? null;
}

/**
 * The archive in a layer, unpacked, piece by piece. Its digests are compared as it goes by, and what is wrong is told
 * at its end, before anybody can use what came of it.
 * @param image its name, for errors
 * @throws PhyllomeError `micro-image-invalid`
 */
export async function* openLayer(
  { file, digest, diffId }: Layer,
  image: string,
  signal?: AbortSignal,
): AsyncGenerator<Buffer> {
  const packing = await packingOf(file);
  if (packing !== null && packing !== 'gzip' && packing !== 'zstd')
    throw imageInvalid(
      image,
      `it is packed with ${packing}, and only gzip and zstd are understood; unpack it first`,
    );
  const packed = createHash('sha256');
  const plain = createHash('sha256');
  const stream = createReadStream(file, { highWaterMark: 2 ** 18, ...(signal && { signal }) });
  let bytes = 0;
  try {
    for await (const piece of unpacked(counted(stream, packed), packing)) {
      bytes += piece.length;
      if (bytes > largestLayer)
        throw imageInvalid(image, `a layer of it is larger than ${largestLayer / 2 ** 30} GiB`);
      if (diffId !== undefined) plain.update(piece);
      yield piece;
    }
  } catch (error) {
    // zlib's own words for bytes that are not what they should be.
    const code = (error as NodeJS.ErrnoException).code ?? '';
    if (/^(Z_|ZSTD_|ERR__ZLIB)/.test(code))
      throw imageInvalid(image, `a layer of it is damaged: ${(error as Error).message}`, error);
    throw error;
  } finally {
    stream.destroy();
  }
  for (const [expected, hash] of [
    [digest, packed],
    [diffId, plain],
  ] as const) {
    if (expected === undefined) continue;
    const found = hash.digest('hex');
    if (found !== expected)
      throw imageInvalid(image, `a layer of it is not what it says: sha256 ${found} instead of ${expected}`);
  }
}

async function* counted(stream: AsyncIterable<Buffer>, hash: Hash): AsyncGenerator<Buffer> {
  for await (const piece of stream) {
    hash.update(piece);
    yield piece;
  }
}

function unpacked(stream: AsyncIterable<Buffer>, packing: 'gzip' | 'zstd' | null): AsyncIterable<Buffer> {
  if (packing === null) return stream;
  const unpack = packing === 'gzip' ? createGunzip() : createZstdDecompress();
  // Errors arrive at whoever reads the last stream.
  return pipeline(stream, unpack, () => undefined) as AsyncIterable<Buffer>;
}
