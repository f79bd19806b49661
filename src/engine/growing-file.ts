// SPDX-License-Identifier: Apache-2.0
import type { FileHandle } from 'node:fs/promises';
import { writeAll } from '../host/files.ts';

// So many bytes go to the disk at a time. Without it, gigabytes could gather in memory, be counted as done, and
// take minutes at the end.
const portion = 64 * 2 ** 20;

/** A file that is filled from its beginning to its end with what comes from elsewhere. */
export interface GrowingFile {
  readonly length: number;
  /** Adds bytes at the end; resolves when more may come. */
  write(bytes: Uint8Array): Promise<void>;
  /** Throws away what there is. */
  restart(): Promise<void>;
}

/**
 * @param handle open for writing
 * @param watch asked after every portion of 64 MiB; throws to stop
 */
export function createGrowingFile(handle: FileHandle, watch: () => Promise<void>): GrowingFile {
  let length = 0;
  let unwatched = 0;
  return {
    get length() {
      return length;
    },
    async write(bytes) {
      await writeAll(handle, bytes, length);
      length += bytes.length;
      unwatched += bytes.length;
      if (unwatched < portion) return;
      unwatched = 0;
      await handle.datasync();
      await watch();
    },
    async restart() {
      await handle.truncate(0);
      length = 0;
      unwatched = 0;
    },
  };
}
