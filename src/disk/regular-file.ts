// SPDX-License-Identifier: Apache-2.0
import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { PhyllomeError } from '../contract/errors.ts';

/**
 * Opens a file for reading that has to be a regular one.
 * @param what it is, in words, for the error
 * @param explain turns what the system says into an error
 * @throws PhyllomeError `file-unreadable`, and what `explain` makes
 */
export async function openRegularFile(
  what: string,
  file: string,
  explain: (file: string, error: unknown) => PhyllomeError,
): Promise<FileHandle> {
  let handle: FileHandle;
  try {
    // A pipe would keep us waiting for whoever writes into it.
    handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    throw explain(file, error);
  }
  if ((await handle.stat()).isFile()) return handle;
  await handle.close();
  throw new PhyllomeError('file-unreadable', { what, file, reason: 'it is not a regular file' });
}
