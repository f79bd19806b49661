// SPDX-License-Identifier: Apache-2.0
import { PhyllomeError } from '../../contract/errors.ts';
import { ToolFailed } from './tool.ts';

const tryAgain =
  'Check the network and the package sources of this PC ("apt-get update" or "dnf makecache"), then try again.';

/** The error for a guest that could not be assembled: what was in the way, and what to do about it. */
export function buildFailed(reason: string, next = tryAgain, cause?: unknown): PhyllomeError {
  return new PhyllomeError('guest-build-failed', { guest: 'tiny', reason, next }, { cause });
}

/** Puts what went wrong while building in `directory` into the words of the closed list. */
export function explain(thrown: unknown, directory: string): unknown {
  if (thrown instanceof PhyllomeError || !(thrown instanceof Error)) return thrown;
  const full =
    thrown instanceof ToolFailed
      ? /No space left on device|Disk quota exceeded|not have enough free space/.test(thrown.stderr)
      : ['ENOSPC', 'EDQUOT'].includes((thrown as NodeJS.ErrnoException).code ?? '');
  if (full) return new PhyllomeError('no-space', { what: 'the tiny guest', directory }, { cause: thrown });
  return buildFailed(thrown.message, tryAgain, thrown);
}
