// SPDX-License-Identifier: Apache-2.0
import { open } from 'node:fs/promises';

/** The first bytes of a file, fewer when it is shorter. */
export async function readSome(file: string, bytes: number): Promise<Buffer> {
  await using handle = await open(file, 'r');
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(bytes), 0, bytes, 0);
  return buffer.subarray(0, bytesRead);
}
