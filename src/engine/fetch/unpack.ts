// SPDX-License-Identifier: Apache-2.0
//
// Unpacks an image that came packed, after it was verified. What comes out is bounded all the same: nothing says that
// somebody who signs never makes a mistake, and some are verified by nothing.
import { spawn } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import type { Readable } from 'node:stream';
import { createZstdDecompress } from 'node:zlib';
import { PhyllomeError, reasonOf } from '../../contract/errors.ts';
import type { Download } from '../../catalog/entry-file.ts';
import { explainNoSpace } from '../../host/files.ts';
import { requireSpace } from '../free-space.ts';
import type { TaskContext } from '../tasks.ts';
import { openZipImage } from './zip.ts';

type Packing = Exclude<Download['packed'], 'no'>;

export interface Unpacking {
  packing: Packing;
  /** The packed file, and the one that comes of it */
  file: string;
  target: string;
  /** For people and errors */
  name: string;
  folder: string;
  /** More bytes than these are no image but a trap */
  longest: number;
}

interface Tool {
  tool: string;
  limits: readonly string[];
  /** Codes it ends with when all went well */
  fine: readonly number[];
  install: string;
}

const tools = {
  xz: { tool: 'xz', limits: ['--memlimit-decompress=2GiB'], fine: [0], install: 'apt install xz-utils' },
  bz2: { tool: 'bzip2', limits: [], fine: [0], install: 'apt install bzip2' },
  // 2: what follows the content is ignored. OpenWrt puts its own signature there.
  gz: { tool: 'gzip', limits: [], fine: [0, 2], install: 'apt install gzip' },
} satisfies Record<string, Tool>;

const portion = 64 * 2 ** 20;
// What a disk has none of is not written: images of disks are mostly zeros (bytes).
const hole = 2 ** 16;

/**
 * @returns the name of the image in an archive that has one
 * @throws PhyllomeError `unpack-failed`, `tool-missing`, `no-space`; the reason of the signal
 */
export async function unpack(unpacking: Unpacking, context: TaskContext): Promise<string | null> {
  const { packing, file, target, name, folder, longest } = unpacking;
  const { signal, progress } = context;
  const failure = (reason: string, cause?: unknown): PhyllomeError =>
    new PhyllomeError('unpack-failed', { file: name, reason }, { cause });
  try {
    await using handle = await open(target, 'wx', 0o600);
    let length = 0;
    let written = 0;
    const sink = async (pieces: AsyncIterable<Buffer>): Promise<void> => {
      for await (const piece of pieces) {
        length += piece.length;
        if (length > longest) throw failure(`it grows to more than ${longest} bytes`);
        for (let at = 0; at < piece.length; at += hole) {
          const part = piece.subarray(at, at + hole);
          if (part.some((byte) => byte !== 0)) {
            await handle.write(part, 0, part.length, length - piece.length + at);
            written += part.length;
          }
        }
        if (written >= portion) {
          written = 0;
          await handle.datasync();
          await requireSpace(folder, 0, `the image ${name}`);
        }
        progress(`Unpacking ${name}`, null, { done: length, total: null });
      }
    };
    const zip = packing === 'zip' ? await openZipImage(file, failure) : null;
    if (zip !== null) await pipeline(zip.content, sink, { signal });
    else if (packing === 'zst')
      await pipeline(createReadStream(file), createZstdDecompress(), sink, { signal });
    else await throughTool(tools[packing as keyof typeof tools], file, sink, signal, failure);
    await handle.truncate(length);
    await handle.sync();
    return zip?.name ?? null;
  } catch (error) {
    await rm(target, { force: true });
    signal.throwIfAborted();
    const explained = explainNoSpace(error, `the image ${name}`, folder);
    throw explained instanceof PhyllomeError
      ? explained
      : failure(`it is damaged (${reasonOf(error)})`, error);
  }
}

/** @throws PhyllomeError `tool-missing`, and what `sink` throws */
async function throughTool(
  { tool, limits, fine, install }: Tool,
  file: string,
  sink: (pieces: AsyncIterable<Buffer>) => Promise<void>,
  signal: AbortSignal,
  failure: (reason: string) => PhyllomeError,
): Promise<void> {
  await using packed = await open(file, 'r');
  // The tool reads the file itself, from a descriptor: no name of a stranger is an argument.
  const child = spawn(tool, ['-d', '-c', ...limits], {
    stdio: [packed.fd, 'pipe', 'pipe'],
    env: { ...process.env, LC_ALL: 'C', XZ_DEFAULTS: '', XZ_OPT: '', BZIP2: '', BZIP: '', GZIP: '' },
  });
  let complaint = '';
  child.stderr
    ?.setEncoding('utf8')
    .on('data', (text: string) => (complaint = (complaint + text).slice(0, 500)));
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', (error: NodeJS.ErrnoException) => {
      const missing = { tool, purpose: 'unpacking this medium', install };
      reject(error.code === 'ENOENT' ? new PhyllomeError('tool-missing', missing) : error);
    });
    child.once('close', resolve);
  });
  // Whoever waits for it hears of it below; until then it is not unheard.
  ended.catch(() => undefined);
  try {
    if (child.pid !== undefined) await pipeline(child.stdout as Readable, sink, { signal });
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  }
  const code = await ended;
  if (!fine.includes(code ?? -1))
    throw failure(`it is damaged (${complaint.trim().replaceAll(/\s+/g, ' ') || `code ${String(code)}`})`);
}
