// SPDX-License-Identifier: Apache-2.0
//
// Kernels as VMMs like them best. A PC kernel (bzImage) is a program that unpacks the ELF in it; every VMM can start
// that ELF, and it starts faster. The file is a guest's: sizes are bounded and nothing of it is run.
import { spawn } from 'node:child_process';
import { createReadStream, createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { Transform, type Duplex } from 'node:stream';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { findBinary } from '../../host/binaries.ts';
import { hasPvhEntry, kernelPayload, type Packing } from '../kernel-image.ts';

export interface Unpacking {
  /** A kernel as it was installed */
  file: string;
  /** The plain one; must not exist */
  target: string;
  /** Larger ones are not unpacked (bytes) */
  limit: number;
  signal?: AbortSignal | undefined;
}

/**
 * Writes the plain kernel.
 * @returns false, and no target, when the kernel is plain already, is packed in a way that we cannot unpack, or holds no
 *   ELF that a VMM could enter: then it is best started as it is
 */
export async function unpackKernel({ file, target, limit, signal }: Unpacking): Promise<boolean> {
  const payload = await kernelPayload(file);
  if (payload === null) return false;
  const unpack = unpacker(payload.packing);
  if (unpack === null) return false;
  const end = payload.length === null ? {} : { end: payload.offset + payload.length - 1 };
  try {
    await pipeline(
      createReadStream(file, { start: payload.offset, ...end }),
      unpack,
      atMost(limit),
      createWriteStream(target, { flags: 'wx', mode: 0o600, flush: true }),
      { signal },
    );
    if (!payload.needsPvh || (await hasPvhEntry(target))) return true;
  } catch (error) {
    await rm(target, { force: true });
    signal?.throwIfAborted();
    if (!isDamage(error)) throw error;
  }
  await rm(target, { force: true });
  return false;
}

/** What cannot be unpacked is started as it is; a full disk is another matter. */
function isDamage(error: unknown): boolean {
  const { code = '' } = error as NodeJS.ErrnoException;
  return !['ENOSPC', 'EDQUOT', 'EIO', 'EACCES'].includes(code);
}

function unpacker(packing: Packing): NodeJS.ReadWriteStream | null {
  if (packing === 'gz') return createGunzip();
  if (packing === 'zst') return createZstdDecompress();
  const xz = findBinary('xz');
  return xz === null ? null : throughXz(xz);
}

/** xz as a stream. What stands behind the archive is for others; "--single-stream" leaves it alone. */
function throughXz(program: string): Duplex {
  const parameters = ['--decompress', '--stdout', '--single-stream', '--memlimit=512MiB'];
  const child = spawn(program, parameters, { env: { LC_ALL: 'C' }, stdio: ['pipe', 'pipe', 'ignore'] });
  const ended = new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => (code === 0 ? resolve() : reject(new Error(`xz ended with ${code}`))));
  });
  ended.catch(() => {});
  return Transform.from(async function* (source: AsyncIterable<Buffer>) {
    const fed = feed(source, child.stdin);
    try {
      yield* child.stdout as AsyncIterable<Buffer>;
      await Promise.all([fed, ended]);
    } finally {
      child.kill();
    }
  });
}

async function feed(source: AsyncIterable<Buffer>, target: NodeJS.WritableStream): Promise<void> {
  try {
    await pipeline(source, target);
  } catch (error) {
    // It has what it needs and went away; how it ended says the rest.
    if ((error as NodeJS.ErrnoException).code !== 'EPIPE') throw error;
  }
}

function atMost(limit: number): Transform {
  let total = 0;
  return new Transform({
    transform(bytes: Buffer, _encoding, done) {
      total += bytes.length;
      if (total > limit) done(new Error(`the kernel unpacks to more than ${limit} bytes`));
      else done(null, bytes);
    },
  });
}
