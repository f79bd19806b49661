// SPDX-License-Identifier: Apache-2.0
//
// QEMU before 8.2 can only send its memory to somebody: to a program, which its sandbox forbids it to start, or to a
// socket. So we are at the other end of a socket in the run folder, which nobody else can enter, and carry the bytes to
// and from the file. They pass in pieces; no guest is so big that this service would grow.
import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import { chmod, rm, stat } from 'node:fs/promises';
import { connect, createServer, type Socket } from 'node:net';
import { pipeline } from 'node:stream/promises';
import type { MemoryOptions } from '../driver.ts';

const pieceBytes = 2 ** 20;

/** A socket that writes what comes over its first connection to a file. */
export interface Receiver extends AsyncDisposable {
  /** Resolves when the sender has ended and everything is written; rejects when it cannot be */
  received: Promise<void>;
}

export async function receiveInto(file: string, path: string): Promise<Receiver> {
  await rm(path, { force: true });
  const server = createServer();
  let sender: Socket | null = null;
  const received = once(server, 'connection').then(async ([connection]) => {
    sender = connection as Socket;
    // One sender; who comes second would have to wait for ever.
    server.close();
    await pipeline(sender, createWriteStream(file, { flags: 'r+', highWaterMark: pieceBytes }));
  });
  // Whoever waits for it hears of it; until then it is no failure of ours.
  received.catch(() => {});
  server.listen(path);
  await once(server, 'listening');
  await chmod(path, 0o600);
  return {
    received,
    async [Symbol.asyncDispose]() {
      server.close();
      sender?.destroy();
      await rm(path, { force: true });
    },
  };
}

/** Sends a file to a socket on which somebody listens. */
export async function sendFrom(
  file: string,
  path: string,
  { signal, onProgress }: MemoryOptions,
): Promise<void> {
  const { size: total } = await stat(file);
  const receiver = connect(path);
  await once(receiver, 'connect', { signal });
  const source = createReadStream(file, { highWaterMark: pieceBytes });
  let done = 0;
  const counting = async function* (pieces: AsyncIterable<Buffer>) {
    for await (const piece of pieces) {
      yield piece;
      done += piece.length;
      onProgress({ done, total });
    }
  };
  await pipeline(source, counting, receiver, { signal });
}
