// SPDX-License-Identifier: Apache-2.0
import { spawn } from 'node:child_process';
import { dirname } from 'node:path';
import { PhyllomeError, reasonOf } from '../contract/errors.ts';
import { findBinary } from '../host/binaries.ts';
import { dyingWithUs } from '../host/bound-process.ts';
import { installHint } from '../host/install-hint.ts';
import { offerSecret } from '../host/secret-pipe.ts';
import { diskSecret, type DiskKey } from './disk-key.ts';

export interface QemuImgOptions {
  signal?: AbortSignal;
  /** Hears what it writes while it works */
  onOutput?: (text: string) => void;
  /** Exit codes that are an answer and no failure; left out: only 0 */
  accepted?: readonly number[];
  /** Opens encrypted images among those that are named (encrypted-image.ts) */
  key?: DiskKey | null;
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
  { signal, onOutput, accepted = [0], key = null }: QemuImgOptions = {},
  tries = 10,
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
  await using secret = key === null ? null : await offerSecret(key.reveal());
  const [program, ...words] = dyingWithUs([binary, ...withSecret(parameters, secret?.path)]);
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
  if (code !== null && accepted.includes(code)) return output;
  signal?.throwIfAborted();
  const reason = complaint.trim() || `qemu-img ended with ${code}`;
  // QEMU before 10 measures the processor for a new LUKS header, and gives up when the kernel's clock of it went back.
  if (tries > 1 && /Unable to get accurate CPU usage/.test(reason))
    return runQemuImg(
      parameters,
      what,
      file,
      { ...(signal && { signal }), ...(onOutput && { onOutput }), accepted, key },
      tries - 1,
    );
  if (/No space left on device|Disk quota exceeded/.test(reason)) {
    throw new PhyllomeError('no-space', { what: `the ${what}`, directory: dirname(file) });
  }
  if (/Failed to get .*lock/.test(reason)) throw new PhyllomeError('disk-in-use', { file, reason });
  throw new PhyllomeError('file-unreadable', { what, file, reason });
}

/** The command comes first, then options, then what it is done to. */
function withSecret([command = '', ...rest]: readonly string[], file: string | undefined): string[] {
  if (file === undefined) return [command, ...rest];
  return [command, '--object', JSON.stringify({ 'qom-type': 'secret', id: diskSecret, file }), ...rest];
}
