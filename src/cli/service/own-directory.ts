// SPDX-License-Identifier: Apache-2.0
import { lstatSync, type Stats } from 'node:fs';
import { PhyllomeError } from '../../contract/errors.ts';

/**
 * Refuses to talk to a socket in a folder that another user made or can write to: without a login session the
 * folder is in /tmp, and somebody else's service could sit there. A folder that does not exist is fine.
 * @throws PhyllomeError `unsafe-directory`
 */
export function requireOwnDirectory(directory: string): void {
  let found: Stats;
  try {
    found = lstatSync(directory);
  } catch {
    return;
  }
  const reason = !found.isDirectory()
    ? 'it is not a folder'
    : found.uid !== process.getuid?.()
      ? `it belongs to another user (${found.uid})`
      : (found.mode & 0o022) !== 0
        ? 'other users can write to it'
        : null;
  if (reason !== null) throw new PhyllomeError('unsafe-directory', { directory, reason });
}
