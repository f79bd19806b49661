// SPDX-License-Identifier: Apache-2.0
import { constants } from 'node:fs';
import { copyFile, rm } from 'node:fs/promises';
import { spawn } from 'node:child_process';
import { dirname } from 'node:path';
import { PhyllomeError, reasonOf } from '../contract/errors.ts';
import { findBinary } from '../host/binaries.ts';
import { dyingWithUs } from '../host/bound-process.ts';
import { errorCode, sync } from '../host/files.ts';

export interface CopyOptions {
  signal: AbortSignal;
  /** Called when bytes have to be written: where blocks can be shared, none are */
  beforeWriting: () => Promise<void>;
}

/**
 * Copies a file byte by byte under a name that is free; holes stay holes. Shares its blocks where the file system can.
 * Leaves nothing when it fails or is aborted.
 * @throws PhyllomeError `file-exists`, `no-space`, `file-unreadable`; the reason of the signal
 */
export async function copySparsely(from: string, to: string, options: CopyOptions): Promise<void> {
  const { signal, beforeWriting } = options;
  try {
    await copyFile(from, to, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE_FORCE);
    await sync(to);
    return;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') throw new PhyllomeError('file-exists', { what: 'copy', file: to });
    // It has no way to share blocks; what else may be wrong shows below. libuv leaves what it had begun.
    await rm(to, { force: true });
  }
  await beforeWriting();
  try {
    // Node would write the holes as zeros.
    await cp(['--sparse=always', '--reflink=auto', '--no-clobber', '--', from, to], to, signal);
    await sync(to);
  } catch (error) {
    await rm(to, { force: true });
    throw error;
  }
}

async function cp(parameters: readonly string[], file: string, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const [program, ...words] = dyingWithUs([findBinary('cp') ?? '/bin/cp', ...parameters]);
  const child = spawn(program, words, { env: { LC_ALL: 'C' }, stdio: ['ignore', 'ignore', 'pipe'] });
  const stop = (): void => void child.kill();
  signal.addEventListener('abort', stop, { once: true });
  let complaint = '';
  child.stderr
    .setEncoding('utf8')
    .on('data', (text: string) => (complaint = (complaint + text).slice(-1000)));
  const code = await new Promise<number | null>((resolve) => {
    child.once('error', (error) => {
      complaint = reasonOf(error);
      resolve(null);
    });
    child.once('close', resolve);
  });
  signal.removeEventListener('abort', stop);
  if (code === 0) return;
  signal.throwIfAborted();
  if (/No space left on device|Disk quota exceeded/.test(complaint))
    throw new PhyllomeError('no-space', { what: 'the copy', directory: dirname(file) });
  const reason = complaint.trim() || `cp ended with ${code}`;
  throw new PhyllomeError('file-unreadable', { what: 'copy', file, reason });
}
