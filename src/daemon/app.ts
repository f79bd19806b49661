// SPDX-License-Identifier: Apache-2.0
//
// Every address of the service, once, whichever way a request came in.
import type { IncomingMessage } from 'node:http';
import {
  fastify,
  LogController,
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyRequest,
} from 'fastify';
import type { TSchema } from '../contract/schema.ts';
import { routes } from '../contract/api.ts';
import { PhyllomeError } from '../contract/errors.ts';
import { apiPrefix, streamPaths, type OperationId } from '../contract/operations.ts';
import type { Engine } from '../engine/engine.ts';
import { pathOf, type Visitor } from './auth.ts';
import type { EventFeed } from './event-feed.ts';
import { bodyLimit, failureOf, sendFailure } from './failure.ts';
import type { Handlers, OperationRequest } from './handlers.ts';
import { addPages, type PagesParts } from './page-routes.ts';
import { requestValidator, type RequestPart } from './request-validator.ts';
import { eventsQuery, machineParams, snapshotParams } from './stream-parameters.ts';
import { addUpload } from './upload.ts';

export interface AppParts {
  engine: Engine;
  handlers: Handlers;
  feed: EventFeed;
  version: string;
  log: FastifyBaseLogger;
  /** Who a request is from */
  visitorOf(request: IncomingMessage): Visitor;
  pages: Pick<PagesParts, 'redeem' | 'signIn' | 'hasPassword'>;
}

// Whoever may ask for a way in must be in already: a stolen token or cookie must not make more of its kind.
const onlyLocal: ReadonlySet<OperationId> = new Set(['createTicket', 'setVmmDirectory']);

type AnyHandler = (request: OperationRequest<OperationId>) => unknown;

/** The request handler of the service, ready to be put behind any number of listeners. */
export async function createApp(parts: AppParts): Promise<FastifyInstance> {
  const app = createFastify(parts.log);
  addOperations(app, parts);
  addStreams(app, parts);
  addPages(app, { ...parts.pages, visitorOf: parts.visitorOf });
  await app.ready();
  return app;
}

const validatorFor = ({ schema, httpPart }: { schema: TSchema; httpPart: RequestPart }) =>
  requestValidator(schema, httpPart);

function createFastify(log: FastifyBaseLogger): FastifyInstance {
  const app = fastify({
    loggerInstance: log,
    // Fastify would write addresses with their query, and with it tickets, into the log.
    logController: new LogController({ disableRequestLogging: true }),
    exposeHeadRoutes: false,
    bodyLimit,
    // Node ends the headers at 16 KiB, so this never applies: too long names get an answer that explains.
    routerOptions: { maxParamLength: 2 ** 14 },
    frameworkErrors: (error, _request, reply) => {
      reply.hijack();
      sendFailure(reply.raw, failureOf(error));
    },
    // With our own compilers Fastify does not load Ajv and fast-json-stringify, which take 100 ms and 15 MB.
    schemaController: {
      compilersFactory: {
        buildValidator: (() => validatorFor) as never,
        buildSerializer: () => () => JSON.stringify,
      },
    },
  });
  // A page of another site can send text/plain without asking first.
  app.removeContentTypeParser('text/plain');
  app.setNotFoundHandler((request) => {
    throw new PhyllomeError('not-found', { path: `${request.method} ${pathOf(request)}` });
  });
  app.setErrorHandler((thrown, request, reply) => {
    const failure = failureOf(thrown);
    if (failure.status >= 500) log.error({ err: failure, ...summary(request) }, failure.message);
    return reply.code(failure.status).send(failure.report());
  });
  app.addHook('onResponse', (request, reply, done) => {
    const line = { ...summary(request), status: reply.statusCode, ms: Math.round(reply.elapsedTime) };
    if (request.method === 'GET') log.debug(line, 'request');
    else log.info(line, 'request');
    done();
  });
  return app;
}

function summary(request: FastifyRequest): { method: string; path: string } {
  return { method: request.method, path: pathOf(request) };
}

function addOperations(app: FastifyInstance, { handlers, visitorOf }: AppParts): void {
  for (const [id, route] of Object.entries(routes)) {
    const handler = handlers[id as OperationId] as AnyHandler;
    app.route({
      method: route.method,
      url: apiPrefix + route.path,
      schema: {
        params: route.params,
        querystring: route.query,
        ...(route.method !== 'GET' && { body: route.body ?? {} }),
      },
      handler: async (request) => {
        const visitor = visitorOf(request.raw);
        if (onlyLocal.has(id as OperationId) && visitor.kind !== 'local') {
          throw new PhyllomeError('bad-request', { reason: 'only the unix socket of the service takes it' });
        }
        const { params, query, body } = request as Omit<OperationRequest<OperationId>, 'visitor'>;
        return handler({ params, query, body, visitor });
      },
    });
  }
  app.get(`${apiPrefix}/openapi.json`, async () => (await import('./openapi.ts')).openApiDocument());
}

function addStreams(app: FastifyInstance, { engine, feed }: AppParts): void {
  addUpload(app, engine);
  app.get<{ Params: { ref: string } }>(
    apiPrefix + streamPaths.screenshot,
    { schema: { params: machineParams } },
    async (request, reply) => {
      const png = await engine.screenshot(request.params.ref);
      return reply.type('image/png').send(Buffer.from(png.buffer, png.byteOffset, png.byteLength));
    },
  );
  app.get<{ Params: { ref: string; snapshot: string } }>(
    apiPrefix + streamPaths.snapshotPicture,
    { schema: { params: snapshotParams } },
    async (request, reply) => {
      const png = await engine.snapshotPicture(request.params.ref, request.params.snapshot);
      return reply.type('image/png').send(Buffer.from(png.buffer, png.byteOffset, png.byteLength));
    },
  );
  app.get<{ Querystring: { lastEventId?: number; for?: 'screen' } }>(
    apiPrefix + streamPaths.events,
    { schema: { querystring: eventsQuery } },
    (request, reply) => {
      const lastId = lastEventId(request.headers['last-event-id']) ?? request.query.lastEventId;
      reply.hijack();
      feed.open(reply.raw, lastId, request.query.for === 'screen');
    },
  );
  app.get(apiPrefix + streamPaths.load, (_request, reply) => {
    reply.hijack();
    feed.openLoad(reply.raw);
  });
}

// The header wins: a browser that comes back repeats the address it began with.
function lastEventId(header: string | string[] | undefined): number | undefined {
  if (header === undefined || header === '') return undefined;
  if (typeof header === 'string' && /^\d{1,15}$/.test(header)) return Number(header);
  throw new PhyllomeError('bad-request', { reason: 'its Last-Event-ID is not the id of an event' });
}
