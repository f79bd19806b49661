// SPDX-License-Identifier: Apache-2.0
//
// PUT /images/:name: the one request whose body is not JSON and of any size. It goes to the engine as it comes.
import type { FastifyInstance } from 'fastify';
import { PhyllomeError } from '../contract/errors.ts';
import { apiPrefix, streamPaths } from '../contract/operations.ts';
import type { Engine } from '../engine/engine.ts';
import { imageParams } from './stream-parameters.ts';

interface UploadPatience {
  /** A client that sends nothing for so long (ms) has gone */
  silence: number;
  /** A refused client may send on for so long (ms): one that is cut off while it sends might not read why */
  linger: number;
}

// Writing what came to a slow disk counts as silence, too.
const usualPatience: UploadPatience = { silence: 300_000, linger: 2000 };

/** In a scope of its own, whose rules for bodies no other address has. */
export function addUpload(app: FastifyInstance, engine: Engine, patience = usualPatience): void {
  app.register((scope, _options, done) => {
    scope.removeAllContentTypeParsers();
    // Given on unread, and therefore without a limit.
    scope.addContentTypeParser('application/octet-stream', (_request, _body, parsed) => parsed(null));
    scope.addContentTypeParser('*', (_request, _body, parsed) => {
      parsed(refuse('its body must be sent as application/octet-stream'));
    });
    scope.put<{ Params: { name: string } }>(
      apiPrefix + streamPaths.upload,
      { schema: { params: imageParams } },
      async (request, reply) => {
        const { raw } = request;
        const bytes = announced(request.headers['content-length']);
        raw.setTimeout(patience.silence, () => raw.destroy());
        try {
          // Without destroyOnReturn: the connection still has to carry the answer.
          const content = raw.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>;
          return await engine.uploadImage(request.params.name, bytes, content);
        } catch (error) {
          if (!raw.complete) {
            // Even where the client wants it closed: Node would do that at once, and reset what is under way.
            reply.raw.shouldKeepAlive = true;
            raw.resume();
            setTimeout(() => raw.destroy(), patience.linger).unref();
          }
          throw error;
        } finally {
          raw.setTimeout(0);
        }
      },
    );
    done();
  });
}

function announced(length: string | undefined): number {
  // Node has checked that it is a number, and sees to it that no more comes.
  if (length === undefined) throw refuse('it does not say how long its body is (Content-Length)');
  return Number(length);
}

function refuse(reason: string): PhyllomeError {
  return new PhyllomeError('bad-request', { reason });
}
