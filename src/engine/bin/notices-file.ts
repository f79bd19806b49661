// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { errorCode, writeAtomic } from '../../host/files.ts';
import type { Notices } from './due.ts';

/**
 * Reads what was said about machines in the bin.
 * @returns null when there is nothing, or nothing that makes sense: it is then said again, and nothing is erased early
 */
export function readNotices(file: string): Notices | null {
  try {
    const content = JSON.parse(readFileSync(file, 'utf8')) as Notices;
    const { keepDays, since, noticed } = content;
    const sound =
      Number.isInteger(keepDays) &&
      Number.isFinite(since) &&
      typeof noticed === 'object' &&
      noticed !== null &&
      Object.values(noticed).every(Number.isFinite);
    return sound ? { keepDays, since, noticed } : null;
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError || errorCode(error) === 'ENOENT')
      return null;
    throw error;
  }
}

export async function writeNotices(file: string, notices: Notices | null): Promise<void> {
  if (notices === null) await rm(file, { force: true });
  else await writeAtomic(file, `${JSON.stringify(notices, null, 2)}\n`);
}
