// SPDX-License-Identifier: Apache-2.0
//
// Makes the root disk: a squashfs, which mksquashfs makes of a folder or of an archive that goes by, with the owners in it
// kept although nobody is root here. The kernels of all distributions we take one of can read it, it is small, and
// nothing can write to it.
import { spawn } from 'node:child_process';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { PhyllomeError } from '../../contract/errors.ts';
import { findBinary } from '../../host/binaries.ts';
import { installHint } from '../../host/install-hint.ts';

export interface Squashing {
  /** File to be made */
  file: string;
  image: string;
  signal: AbortSignal;
}

// Level 1 packs as fast as a disk can read, to three quarters of what the default level makes of it.
const common = ['-noappend', '-no-progress', '-quiet', '-comp', 'zstd', '-Xcompression-level', '1'];

/**
 * @param ownedByUs whether all files in it belong to the user we are, who then was to be root in the guest
 * @throws PhyllomeError `tool-missing`, `micro-image-invalid`, `no-space`
 */
export async function squashDirectory(
  directory: string,
  ownedByUs: boolean,
  squashing: Squashing,
): Promise<void> {
  const owners = ownedByUs ? ['-all-root'] : [];
  // Without -exit-on-error a file that cannot be read becomes an empty one.
  const options = [...common, '-one-file-system', '-exit-on-error', ...owners];
  await mksquashfs([directory, squashing.file, ...options], null, squashing);
}

/** @throws PhyllomeError `tool-missing`, `micro-image-invalid`, `no-space`, and what the archive throws */
export async function squashArchive(archive: AsyncIterable<Buffer>, squashing: Squashing): Promise<void> {
  await mksquashfs(['-', squashing.file, '-tar', ...common], archive, squashing);
}

async function mksquashfs(
  args: readonly string[],
  input: AsyncIterable<Buffer> | null,
  { image, file, signal }: Squashing,
): Promise<void> {
  const tool = findBinary('mksquashfs');
  if (tool === null)
    throw new PhyllomeError('tool-missing', {
      tool: 'mksquashfs',
      purpose: 'making a disk of an image',
      install: installHint('mksquashfs'),
    });
  const child = spawn(tool, args, { signal, env: { PATH: process.env['PATH'], LC_ALL: 'C' } });
  let words = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (words = (words + text).slice(-4000)));
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject).once('close', resolve);
  });
  // When the tool ends early its code and words say why; that its input broke off says nothing.
  let inputError: unknown;
  const fed =
    input === null
      ? child.stdin.end()
      : pipeline(Readable.from(input), child.stdin).catch((error: unknown) => {
          if ((error as NodeJS.ErrnoException).code === 'EPIPE') return;
          inputError = error;
          child.kill();
        });
  const code = await ended;
  await fed;
  signal.throwIfAborted();
  if (inputError !== undefined) throw inputError as Error;
  if (code === 0) return;
  if (/No space left on device/.test(words))
    throw new PhyllomeError('no-space', { what: 'the disk of a micro machine', directory: file });
  const line = words.split('\n').findLast((text) => /FATAL|ERROR|error|fail/i.test(text)) ?? words.trim();
  throw new PhyllomeError('micro-image-invalid', { image, reason: `mksquashfs says: ${line.trim()}` });
}
