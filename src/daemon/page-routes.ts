// SPDX-License-Identifier: Apache-2.0
//
// The page, its files, and the two ways to be signed in: a link of the command line, and the password.
import type { IncomingMessage } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { PhyllomeError } from '../contract/errors.ts';
import { pathOf, type Visitor } from './auth.ts';
import { failureOf } from './failure.ts';
import { readPageFile } from './page-files.ts';
import { preferredLanguage, type PageLanguage } from './pages/language.ts';
import { deadLinkPage, signInPage, unbuiltPage } from './pages/pages.ts';
import { formHeaders } from './security-headers.ts';

export interface PagesParts {
  visitorOf(request: IncomingMessage): Visitor;
  hasPassword(): Promise<boolean>;
  /** Uses a ticket up. @returns the cookie it buys, or null when it is no good */
  redeem(ticket: string, visitor: Visitor): Promise<string | null>;
  /** @returns the cookie that a password buys. @throws PhyllomeError */
  signIn(password: string, visitor: Visitor): Promise<string>;
}

// A password of 1024 characters, each as "%F0%9F%90%8E" (bytes).
const formLimit = 16_384;
// Who sends a form has this long (ms): a stranger must not hold a connection open with half of one.
const formPatience = 10_000;

export function addPages(app: FastifyInstance, parts: PagesParts): void {
  const { visitorOf, redeem } = parts;
  const sendSignIn = async (request: FastifyRequest, reply: FastifyReply, failure?: PhyllomeError) => {
    const visitor = visitorOf(request.raw);
    const text = signInPage({
      language: languageOf(request),
      hasPassword: await parts.hasPassword(),
      network: visitor.kind !== 'local' && visitor.door.network,
      ...(failure !== undefined && { failure }),
    });
    return reply
      .code(failure?.status ?? 401)
      .headers(formHeaders)
      .send(text);
  };

  app.get('/', async (request, reply) => {
    if (visitorOf(request.raw).kind === 'stranger') return sendSignIn(request, reply);
    const page = await readPageFile('/');
    reply.type(html);
    return page === null ? reply.code(503).send(unbuiltPage(languageOf(request))) : reply.send(page.content);
  });
  app.get('/*', async (request, reply) => {
    const path = pathOf(request);
    const file = await readPageFile(path);
    if (file === null) throw new PhyllomeError('not-found', { path: `GET ${path}` });
    if (file.immutable) reply.header('cache-control', 'public, max-age=31536000, immutable');
    return reply.type(file.type).send(file.content);
  });
  app.get<{ Querystring: { ticket?: unknown; kiosk?: unknown } }>('/open', async (request, reply) => {
    const { ticket, kiosk } = request.query;
    const cookie = typeof ticket === 'string' ? await redeem(ticket, visitorOf(request.raw)) : null;
    if (cookie === null)
      return reply
        .code(401)
        .type(html)
        .send(deadLinkPage(languageOf(request)));
    // The screen of this PC comes this way, and its page has to know what it is.
    const page = kiosk === undefined ? '/' : '/?kiosk';
    reply.header('set-cookie', cookie);
    // A file led here (see `phyllome open`): in a redirect it began, a browser keeps a strict cookie to itself. A page of ours may
    // lead on with it.
    return request.headers['sec-fetch-site'] === 'cross-site'
      ? reply.type(html).send(leadOn(page))
      : reply.redirect(page, 303);
  });

  app.get('/sign-in', (_request, reply) => reply.redirect('/', 303));
  // A scope of its own: no other address takes forms, which pages of other sites can send, too.
  app.register((scope, _options, done) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser(
      'application/x-www-form-urlencoded',
      { parseAs: 'string', bodyLimit: formLimit },
      (_request, body, parsed) => parsed(null, new URLSearchParams(body as string)),
    );
    scope.addHook('onRequest', (request, _reply, next) => {
      const { raw } = request;
      const cutOff = setTimeout(() => raw.destroy(), formPatience).unref();
      raw.once('close', () => clearTimeout(cutOff)).once('end', () => clearTimeout(cutOff));
      next();
    });
    scope.post<{ Body: URLSearchParams | undefined }>('/sign-in', async (request, reply) => {
      try {
        const password = request.body?.get('password') ?? '';
        const cookie = await parts.signIn(password.slice(0, 1024), visitorOf(request.raw));
        return await reply.header('set-cookie', cookie).redirect('/', 303);
      } catch (thrown) {
        const failure = failureOf(thrown);
        if (failure.status >= 500) request.log.error({ err: failure }, failure.message);
        if (failure.code === 'too-many-tries') reply.header('retry-after', String(failure.facts['seconds']));
        return sendSignIn(request, reply, failure);
      }
    });
    done();
  });
}

const html = 'text/html; charset=utf-8';

const leadOn = (page: string): string =>
  `<!doctype html><meta http-equiv="refresh" content="0;url=${page}"><title>Phyllome</title><a href="${page}">Phyllome</a>\n`;

function languageOf({ headers }: FastifyRequest): PageLanguage {
  return preferredLanguage(headers['accept-language']);
}
