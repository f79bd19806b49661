// SPDX-License-Identifier: Apache-2.0
import { randomUUID } from 'node:crypto';
import { link, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { PhyllomeError } from '../contract/errors.ts';
import { errorCode, explainNoSpace, sync } from '../host/files.ts';

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
  // A name has at most 255 bytes, and a character of ours up to three.
  const temporary = join(directory, `.${basename(file).slice(0, 60)}.${randomUUID()}.tmp`);
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

function explain(what: string, file: string, error: unknown): unknown {
  if (errorCode(error) === 'EEXIST')
    return new PhyllomeError('file-exists', { what, file }, { cause: error });
  return explainNoSpace(error, `the ${what}`, dirname(file));
}
