// SPDX-License-Identifier: Apache-2.0
import { chmod, lstat, rm } from 'node:fs/promises';
import { connect, type Server } from 'node:net';
import { dirname } from 'node:path';
import { once } from 'node:events';
import { PhyllomeError } from '../contract/errors.ts';
import { errorCode } from '../host/files.ts';
import { ensurePrivateDirectory } from '../engine/files.ts';

// What the kernel takes as the path of a socket (bytes); Node would cut a longer one off without a word.
const longestPath = 107;

/**
 * Lets a server listen on a unix socket that only we can reach: mode 0600 in a folder of mode 0700. A socket
 * that a service left behind which was killed is removed, but only when nobody answers on it.
 *
 * @throws PhyllomeError `service-already-running`, `unsafe-directory`
 */
export async function listenOnSocket(server: Server, path: string): Promise<void> {
  const directory = dirname(path);
  const bytes = Buffer.byteLength(path);
  if (bytes > longestPath) {
    const reason = `the path of a socket in it would have ${bytes} bytes, and ${longestPath} are possible`;
    throw new PhyllomeError('unsafe-directory', { directory, reason });
  }
  await ensurePrivateDirectory(directory);
  await removeStale(path, directory);
  server.listen(path);
  await once(server, 'listening');
  await chmod(path, 0o600);
}

async function removeStale(path: string, directory: string): Promise<void> {
  try {
    const found = await lstat(path);
    if (!found.isSocket()) {
      throw new PhyllomeError('unsafe-directory', {
        directory,
        reason: `${path} is in the way and is not a socket`,
      });
    }
    if (await somebodyAnswers(path)) {
      throw new PhyllomeError('service-already-running', { pid: 'unknown', directory });
    }
    await rm(path, { force: true });
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
  }
}

function somebodyAnswers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    // Anything but a refusal (a full queue, for one) may be a living service.
    socket.once('error', (error) =>
      resolve(errorCode(error) !== 'ECONNREFUSED' && errorCode(error) !== 'ENOENT'),
    );
  });
}
