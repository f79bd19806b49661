// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { lstat, opendir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** What tells a file from what it was before: nothing can change it and keep its ctime. */
export async function fingerprintOfFile(file: string): Promise<string> {
  const { dev, ino, size, mtimeMs, ctimeMs } = await stat(file);
  return createHash('sha256')
    .update(JSON.stringify([file, dev, ino, size, mtimeMs, ctimeMs]))
    .digest('hex');
}

export interface FolderFingerprint {
  digest: string;
  /** Every file in it belongs to this user, who is not root */
  ownedByUs: boolean;
}

/**
 * The same for a folder with all that is in it: no content is read. Links are not followed. Other file systems mounted
 * in it are left out, as mksquashfs leaves them out.
 */
export async function fingerprintOfFolder(folder: string, signal: AbortSignal): Promise<FolderFingerprint> {
  const uid = process.getuid?.() ?? 0;
  const root = await stat(folder);
  const lines: string[] = [];
  let ownedByUs = uid !== 0;
  const todo = [''];
  for (;;) {
    const place = todo.pop();
    if (place === undefined) break;
    signal.throwIfAborted();
    for await (const { name } of await opendir(join(folder, place))) {
      const path = join(place, name);
      const found = await lstat(join(folder, path));
      if (found.dev !== root.dev) continue;
      lines.push(
        JSON.stringify([path, found.ino, found.mode, found.uid, found.size, found.mtimeMs, found.ctimeMs]),
      );
      ownedByUs &&= found.uid === uid;
      if (found.isDirectory()) todo.push(path);
    }
  }
  const hash = createHash('sha256').update(JSON.stringify([folder, root.dev, root.ino, root.ctimeMs]));
  for (const line of lines.sort()) hash.update(line);
  return { digest: hash.digest('hex'), ownedByUs };
}
