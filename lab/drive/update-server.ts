// SPDX-License-Identifier: Apache-2.0
//
// A web server that emulated PCs get their updates from: 10.0.2.2 in their network is 127.0.0.1 here.
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { setTimeout as delay } from 'node:timers/promises';

export interface UpdateServer extends AsyncDisposable {
  /** As a PC in the lab reaches it */
  url: string;
  /** Names that were asked for, in order */
  asked: readonly string[];
}

/** @param bytesPerSecond as a slow network has; left out: as fast as it goes */
export async function serveUpdates(folder: string, bytesPerSecond = Infinity): Promise<UpdateServer> {
  async function* paced(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of chunks) {
      yield chunk;
      if (bytesPerSecond !== Infinity) await delay((1000 * chunk.length) / bytesPerSecond);
    }
  }
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const name = basename(new URL(request.url ?? '/', 'http://lab').pathname);
    asked.push(name);
    const answer = async (): Promise<void> => {
      const { size } = await stat(join(folder, name));
      const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
      response.writeHead(from > 0 ? 206 : 200, {
        'content-length': size - from,
        ...(from > 0 ? { 'content-range': `bytes ${from}-${size - 1}/${size}` } : {}),
      });
      if (request.method === 'HEAD') response.end();
      else await pipeline(createReadStream(join(folder, name), { start: from }), paced, response);
    };
    // Not there, or the PC hung up in the middle: its own words count.
    answer().catch(() => {
      if (!response.headersSent) response.writeHead(404);
      response.end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  return {
    url: `http://10.0.2.2:${port}/`,
    asked,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
