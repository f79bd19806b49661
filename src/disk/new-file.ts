// SPDX-License-Identifier: Apache-2.0
import { randomUUID } from 'node:crypto';
import { link, open, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { PhyllomeError } from '../contract/errors.ts';

/**
 * Makes a file that appears under its name only when it is complete and on the disk, and never in place of one
 * that is there already.
 *
 * @param make writes the content to the path it gets
 * @throws PhyllomeError `file-exists`, `no-space`, and what `make` throws
 */
export async function makeNewFile(
  what: string,
  file: string,
  make: (temporary: string) => Promise<void>,
): Promise<void> {
  const directory = dirname(file);
  const temporary = join(directory, `.${basename(file).slice(0, 100)}.${randomUUID()}.tmp`);
  try {
    await make(temporary);
    await sync(temporary);
    // Unlike a rename, a link does not replace what has the name already.
    await link(temporary, file);
  } catch (error) {
    throw explain(what, file, error);
  } finally {
    await rm(temporary, { force: true });
  }
  await sync(directory);
}

async function sync(path: string): Promise<void> {
  await using handle = await open(path, 'r');
  await handle.sync();
}

function explain(what: string, file: string, error: unknown): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'EEXIST') return new PhyllomeError('file-exists', { what, file }, { cause: error });
  if (code !== 'ENOSPC' && code !== 'EDQUOT') return error;
  return new PhyllomeError('no-space', { what: `the ${what}`, directory: dirname(file) }, { cause: error });
}
