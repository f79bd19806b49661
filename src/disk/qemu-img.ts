// SPDX-License-Identifier: Apache-2.0
import { spawn } from 'node:child_process';
import { dirname } from 'node:path';
import { PhyllomeError, reasonOf } from '../contract/errors.ts';
import { findBinary } from '../host/binaries.ts';
import { dyingWithUs } from '../host/bound-process.ts';
import { installHint } from '../host/install-hint.ts';

export interface QemuImgOptions {
  signal?: AbortSignal;
  /** Hears what it writes while it works */
  onOutput?: (text: string) => void;
}

// Answers are short; only a defect would go on writing (characters).
const longestOutput = 2 ** 20;

/**
 * Runs qemu-img on or for `file`. Absolute paths only: qemu-img takes others for "protocol:name".
 * @returns what it wrote
 * @throws PhyllomeError `tool-missing`, `no-space`, `disk-in-use`, `file-unreadable` with the words of qemu-img; the
 *   reason of the signal when that ended it
 */
export async function runQemuImg(
  parameters: readonly string[],
  what: string,
  file: string,
  { signal, onOutput }: QemuImgOptions = {},
): Promise<string> {
  const binary = findBinary('qemu-img');
  if (binary === null) {
    throw new PhyllomeError('tool-missing', {
      tool: 'qemu-img',
      purpose: `the ${what}`,
      install: installHint('qemu-img'),
    });
  }
  signal?.throwIfAborted();
  // A copy of gigabytes must not go on when nobody wants it any more.
  const [program, ...words] = dyingWithUs([binary, ...parameters]);
  const child = spawn(program, words, { env: { LC_ALL: 'C' }, stdio: ['ignore', 'pipe', 'pipe'] });
  const stop = (): void => void child.kill();
  signal?.addEventListener('abort', stop, { once: true });
  let output = '';
  let complaint = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output = (output + text).slice(-longestOutput);
    onOutput?.(text);
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaint = (complaint + text).slice(-longestOutput);
  });
  const code = await new Promise<number | null>((resolve) => {
    child.once('error', (error) => {
      complaint = reasonOf(error);
      resolve(null);
    });
    child.once('close', resolve);
  });
  signal?.removeEventListener('abort', stop);
  if (code === 0) return output;
  signal?.throwIfAborted();
  const reason = complaint.trim() || `qemu-img ended with ${code}`;
  if (/No space left on device|Disk quota exceeded/.test(reason)) {
    throw new PhyllomeError('no-space', { what: `the ${what}`, directory: dirname(file) });
  }
  if (/Failed to get .*lock/.test(reason)) throw new PhyllomeError('disk-in-use', { file, reason });
  throw new PhyllomeError('file-unreadable', { what, file, reason });
}
