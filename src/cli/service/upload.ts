// SPDX-License-Identifier: Apache-2.0
import type { IncomingMessage } from 'node:http';
import { dirname } from 'node:path';
import type { Readable } from 'node:stream';
import { PhyllomeError } from '../../contract/errors.ts';
import type { Image } from '../../contract/image.ts';
import { streamPaths } from '../../contract/operations.ts';
import type { Paths } from '../../contract/paths.ts';
import { address, failureIn, unreachable } from './client.ts';
import { requireOwnDirectory } from './own-directory.ts';

export interface Upload {
  /** Name in the library */
  name: string;
  /** How many bytes `content` has */
  bytes: number;
  content: Readable;
  /** Ends it; what was sent is thrown away by the service */
  signal: AbortSignal;
}

/**
 * Sends an image to the library as it is read. An answer that comes before the end (a refusal) ends the sending.
 * @throws PhyllomeError as the service reports it, `service-unreachable`, `upload-incomplete` when `content` is shorter
 *   than it was said to be; what `content` fails with; an AbortError
 */
export async function uploadImage(
  paths: Pick<Paths, 'serviceSocket' | 'serviceLog'>,
  { name, bytes, content, signal }: Upload,
): Promise<Image> {
  requireOwnDirectory(dirname(paths.serviceSocket));
  const request = process.getBuiltinModule('node:http').request({
    socketPath: paths.serviceSocket,
    method: 'PUT',
    path: address(streamPaths.upload, { name }),
    headers: {
      'content-type': 'application/octet-stream',
      'content-length': bytes,
      // The service would close a connection that is not kept as soon as it has answered, and the answer would be
      // lost when our last write comes a moment later.
      connection: 'keep-alive',
    },
    agent: false,
    signal,
  });
  // What broke first; the errors that follow from it say less.
  let failure: unknown = null;
  const fail = (error: unknown): void => {
    failure ??= error;
    request.destroy();
  };
  let sent = 0;
  content.on('data', (piece: Buffer) => (sent += piece.length));
  content.once('error', fail);
  content.once('end', () => {
    if (sent < bytes) fail(new PhyllomeError('upload-incomplete', { name, done: sent, total: bytes }));
  });
  try {
    const reply = await new Promise<IncomingMessage>((resolve, reject) => {
      request.once('response', resolve);
      // Stays: a connection that is closed while we still send makes more than one.
      request.on('error', reject);
      request.once('close', () => reject(unreachable(paths)));
      content.pipe(request);
    });
    content.unpipe(request);
    const body = Buffer.concat(await Array.fromAsync(reply as AsyncIterable<Buffer>));
    if (reply.statusCode !== 200) throw failureIn(body, reply.statusCode ?? 500);
    return JSON.parse(body.toString('utf8')) as Image;
  } catch (error) {
    if (failure !== null) throw failure;
    if (error instanceof PhyllomeError || (error instanceof Error && error.name === 'AbortError'))
      throw error;
    throw unreachable(paths);
  } finally {
    content.destroy();
    request.destroy();
  }
}
