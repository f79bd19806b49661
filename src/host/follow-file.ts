// SPDX-License-Identifier: Apache-2.0
import { watch, type FSWatcher } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';

// What one look at the file reads at most (bytes); the rest follows at once.
const chunkBytes = 64 * 1024;

/**
 * Reads a growing file from `history` bytes before its end (Infinity: from its beginning), as it grows, until closed
 * (after a last look). One that is emptied is read from its new beginning.
 */
export async function followFile(
  file: string,
  history: number,
  onOutput: (bytes: Uint8Array) => void,
): Promise<{ close(): Promise<void> }> {
  const handle: FileHandle = await open(file, 'r');
  let position = Math.max(0, (await handle.stat()).size - history);
  let reading: Promise<void> | null = null;
  let again = false;
  let closed: Promise<void> | null = null;

  const readNew = async (): Promise<void> => {
    do {
      again = false;
      // Emptied by the log limit: what follows begins at the start.
      if ((await handle.stat()).size < position) position = 0;
      for (;;) {
        const { buffer, bytesRead } = await handle.read(Buffer.alloc(chunkBytes), 0, chunkBytes, position);
        if (bytesRead === 0) break;
        position += bytesRead;
        onOutput(buffer.subarray(0, bytesRead));
      }
    } while (again);
  };
  const look = (): Promise<void> => {
    again = true;
    reading ??= readNew().finally(() => (reading = null));
    return reading;
  };

  const watcher: FSWatcher = watch(file, () => void look());
  await look();
  return {
    close() {
      closed ??= (async () => {
        watcher.close();
        await look();
        await handle.close();
      })();
      return closed;
    },
  };
}
