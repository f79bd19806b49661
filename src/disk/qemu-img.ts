// SPDX-License-Identifier: Apache-2.0
import { execFile } from 'node:child_process';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { PhyllomeError } from '../contract/errors.ts';
import { findBinary } from '../host/binaries.ts';
import { installHint } from '../host/install-hint.ts';

const run = promisify(execFile);

/**
 * Runs qemu-img to make `file`. Absolute paths only: qemu-img takes others for "protocol:name".
 * @throws PhyllomeError `tool-missing`, `no-space`, `file-unreadable` with the words of qemu-img
 */
export async function runQemuImg(parameters: readonly string[], what: string, file: string): Promise<void> {
  const binary = findBinary('qemu-img');
  if (binary === null) {
    throw new PhyllomeError('tool-missing', {
      tool: 'qemu-img',
      purpose: `the ${what}`,
      install: installHint('qemu-img'),
    });
  }
  try {
    await run(binary, parameters, { env: { LC_ALL: 'C' } });
  } catch (error) {
    const words = String((error as { stderr?: unknown }).stderr ?? error).trim();
    if (/No space left on device|Disk quota exceeded/.test(words)) {
      throw new PhyllomeError(
        'no-space',
        { what: `the ${what}`, directory: dirname(file) },
        { cause: error },
      );
    }
    throw new PhyllomeError('file-unreadable', { what, file, reason: words }, { cause: error });
  }
}
