// SPDX-License-Identifier: Apache-2.0
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { formatOf } from './image-magic.ts';
import { readSome } from './read-some.ts';

// The furthest mark lies within the first sector (bytes).
const beginning = 512;

/** What an image of ours is by its mark; "raw" also when it cannot be read. For showing, never for opening. */
export async function formatOfFile(file: string): Promise<string> {
  try {
    await using handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW);
    return formatOf(await readSome(handle, 0, beginning));
  } catch {
    return 'raw';
  }
}
