// SPDX-License-Identifier: Apache-2.0
import { readFile } from 'node:fs/promises';
import type { OsCheck, OsSlots } from '../../contract/os.ts';
import { errorCode } from '../../host/files.ts';
import { compareVersions } from '../../host/systemd-version.ts';

/** What the last look for updates found; null: nobody looked. It may be lost: a damaged one is no last look. */
export async function readCheck(file: string): Promise<OsCheck | null> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as OsCheck;
  } catch (error) {
    if (errorCode(error) === 'ENOENT' || error instanceof SyntaxError) return null;
    throw error;
  }
}

/**
 * The last look as of now: the version that it found counts until it is installed, passed by, or did not come up. So an update
 * has nothing to write down, and succeeds on a full disk. Pure.
 *
 * @param runs version of the system that runs
 */
export function asOfNow(
  check: OsCheck,
  runs: string,
  { pending, failed }: Pick<OsSlots, 'pending' | 'failed'>,
): OsCheck {
  const { version } = check;
  if (version === null) return check;
  const over =
    version === pending ||
    compareVersions(version, runs) <= 0 ||
    failed.some((one) => one.version === version);
  return over ? { ...check, version: null, bytes: null } : check;
}
