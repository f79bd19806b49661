// SPDX-License-Identifier: Apache-2.0
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { serve, type TestServer } from './testing.ts';
import { createTickets } from './tickets.ts';

const service = '/api/v1/service';
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const cookie = async (server: TestServer) => ({ cookie: `other=1; ${await server.signIn()}` });

describe('the token', () => {
  test('is not asked for on the unix socket', async () => {
    await using server = await serve();
    const answer = await server.local(service);
    expect(answer.status).toBe(200);
    expect(answer.json).toEqual({
      version: '1.2.3',
      pid: 42,
      startedAt: '2026-01-01T00:00:00.000Z',
      dataDirectory: '/data',
      address: server.address,
    });
  });

  test('lets in over TCP as a header, and browsers by a cookie', async () => {
    await using server = await serve();
    expect((await server.tcp(service, { headers: bearer(server.token) })).status).toBe(200);
    const signedIn = await cookie(server);
    expect((await server.tcp(service, { headers: signedIn })).status).toBe(200);
    // A wrong cookie of another path or an older token beside the right one does no harm.
    const both = { ...bearer('wrong'), cookie: `phyllome-${server.port}=old; ${signedIn.cookie}` };
    expect((await server.tcp(service, { headers: both })).status).toBe(200);
  });

  test.each([
    ['nothing', async () => ({})],
    ['a wrong token', async () => bearer('W'.repeat(43))],
    ['a part of the token', async ({ token }: TestServer) => bearer(token.slice(0, 42))],
    ['more than the token', async ({ token }: TestServer) => bearer(`${token}T`)],
    ['an empty token', async () => ({ authorization: 'Bearer ' })],
    ['another scheme', async ({ token }: TestServer) => ({ authorization: `Basic ${token}` })],
    [
      'the token as a cookie',
      async ({ token, port }: TestServer) => ({ cookie: `phyllome-${port}=${token}` }),
    ],
    [
      "another service's cookie",
      async (server: TestServer) => ({ cookie: (await server.signIn()).replace(/-\d+/, '-1') }),
    ],
    [
      'a cookie whose name only ends right',
      async (server: TestServer) => ({ cookie: `x-${await server.signIn()}` }),
    ],
  ])('%s is refused over TCP', async (_, headers) => {
    await using server = await serve();
    for (const path of [
      service,
      '/api/v1/openapi.json',
      '/api/v1/nothing',
      '/nothing',
      '//',
      '/open/',
      '/%6Fpen',
    ]) {
      const answer = await server.tcp(path, { headers: await headers(server) });
      expect(answer.status).toBe(401);
      expect(answer.json.code).toBe('not-authorised');
    }
  });

  test('is asked for before anything is read or done', async () => {
    await using server = await serve();
    const answer = await server.tcp('/api/v1/service/stop', { method: 'POST', body: '{' });
    expect(answer.json.code).toBe('not-authorised');
    expect(server.stops).toBe(0);
  });
});

const ask = (server: TestServer) => server.local('/api/v1/tickets', { method: 'POST' });

describe('tickets', () => {
  test('sign one browser in, once', async () => {
    await using server = await serve();
    const { url } = (await ask(server)).json as { url: string };
    expect(url).toMatch(new RegExp(`^http://127\\.0\\.0\\.1:${server.port}/open\\?ticket=[\\w-]{43}$`));
    const path = url.slice(server.address.length);

    const opened = await server.tcp(path);
    expect(opened.status).toBe(303);
    expect(opened.headers['location']).toBe('/');
    const [setCookie] = opened.headers['set-cookie'] as string[];
    expect(setCookie).toMatch(
      new RegExp(`^phyllome-${server.port}=[\\w-]{43}; HttpOnly; SameSite=Strict; Path=/$`),
    );
    // What lets programs in stays where it is.
    expect(setCookie).not.toContain(server.token);
    const page = await server.tcp('/', {
      headers: { cookie: (setCookie as string).split(';')[0] as string },
    });
    expect(page.status).toBe(200);

    const again = await server.tcp(path);
    expect(again.status).toBe(401);
    expect(again.headers['set-cookie']).toBeUndefined();
    expect(again.text).toContain('no longer works');
  });

  test('a file that leads here is answered by a page that leads on, with the same cookie', async () => {
    await using server = await serve();
    const path = ((await ask(server)).json.url as string).slice(server.address.length);
    const opened = await server.tcp(path, { headers: { 'sec-fetch-site': 'cross-site' } });
    expect(opened.status).toBe(200);
    expect(opened.headers['set-cookie']).toHaveLength(1);
    expect(opened.text).toContain('content="0;url=/"');
  });

  test('end after five minutes', async () => {
    let now = 0;
    await using server = await serve({}, { tickets: createTickets(() => now) });
    const links = [(await ask(server)).json.url, (await ask(server)).json.url] as string[];
    const [first, second] = links.map((url) => url.slice(server.address.length)) as [string, string];
    now = 299_999;
    expect((await server.tcp(first)).status).toBe(303);
    now = 300_000;
    expect((await server.tcp(second)).status).toBe(401);
  });

  test.each(['/open', '/open?ticket=', '/open?ticket=guess', '/open?ticket=a&ticket=b'])(
    '%s opens nothing',
    async (path) => {
      await using server = await serve();
      await ask(server);
      const answer = await server.tcp(path);
      expect(answer.status).toBe(401);
      expect(answer.headers['set-cookie']).toBeUndefined();
    },
  );

  test.each(['/api/v1/tickets', '/api/v1/%74ickets'])('are not handed out over TCP at %s', async (path) => {
    await using server = await serve();
    const answer = await server.tcp(path, { method: 'POST', headers: bearer(server.token) });
    expect(answer.json).toMatchObject({
      code: 'bad-request',
      facts: { reason: expect.stringContaining('unix socket') },
    });
  });

  test('nor may a page say from where programs are run', async () => {
    await using server = await serve({ setVmmDirectory: async () => [] });
    const question = { method: 'PUT', body: { directory: null } };
    const path = '/api/v1/vmms/directory';
    const answer = await server.tcp(path, { ...question, headers: bearer(server.token) });
    expect(answer.json).toMatchObject({
      code: 'bad-request',
      facts: { reason: expect.stringContaining('unix socket') },
    });
    expect((await server.local(path, question)).json).toEqual([]);
  });

  test('and tokens are not in the log', async () => {
    await using server = await serve();
    const { url } = (await ask(server)).json as { url: string };
    const path = url.slice(server.address.length);
    const ticket = path.split('=')[1] as string;
    const [setCookie = ''] = (await server.tcp(path)).headers['set-cookie'] as string[];
    const secret = /=([\w-]{43});/.exec(setCookie)?.[1];
    expect(secret).toBeDefined();
    await server.tcp(path, { method: 'POST', headers: bearer(server.token) });
    await server.tcp(`/nothing?ticket=${ticket}`, { headers: bearer(server.token) });
    await server.tcp(`${path}%zz`, { headers: bearer(server.token) });
    expect(server.log()).toContain('/open');
    expect(server.log()).not.toContain(ticket);
    expect(server.log()).not.toContain(secret);
    expect(server.log()).not.toContain(server.token);
  });
});

const good = ({ port }: TestServer) => [`127.0.0.1:${port}`, `localhost:${port}`, `[::1]:${port}`];
const badHosts = ({ port }: TestServer) => [
  'evil.example',
  `evil.example:${port}`,
  '127.0.0.1',
  `127.0.0.1:${port + 1}`,
  `127.0.0.1.evil.example:${port}`,
  `localhost.:${port}`,
  `127.0.0.1:${port}@evil.example`,
];
const badOrigins = ({ port }: TestServer) => [
  'null',
  'http://evil.example',
  `http://127.0.0.1:${port + 1}`,
  'http://127.0.0.1',
  `https://127.0.0.1:${port}`,
  `http://127.0.0.1:${port}.evil.example`,
  `http://127.0.0.1:${port}, http://evil.example`,
];

const shake = (server: TestServer, headers: Record<string, string>) =>
  new Promise<number>((resolve) => {
    const socket = new WebSocket(`ws://127.0.0.1:${server.port}/api/v1/machines/x/serial`, { headers });
    socket.once('unexpected-response', (_request, reply) => {
      reply.resume();
      resolve(reply.statusCode ?? 0);
    });
    socket.on('error', () => {});
    socket.once('open', () => {
      socket.terminate();
      resolve(101);
    });
  });

describe('Host and Origin', () => {
  test('of our own are let in', async () => {
    await using server = await serve();
    for (const host of good(server)) {
      for (const origin of [undefined, ...good(server).map((own) => `http://${own}`)]) {
        const headers = { host, ...bearer(server.token), ...(origin !== undefined && { origin }) };
        expect((await server.tcp(service, { headers })).status).toBe(200);
      }
    }
  });

  test('of others are refused, with the right token and on every address', async () => {
    await using server = await serve();
    const wrong = [
      ...badHosts(server).map((host) => ({ host })),
      ...badOrigins(server).map((origin) => ({ origin })),
    ];
    for (const headers of wrong) {
      for (const path of [service, '/', '/open?ticket=x', '/nothing']) {
        const answer = await server.tcp(path, { headers: { ...bearer(server.token), ...headers } });
        expect([headers, path, answer.status]).toEqual([headers, path, 403]);
        expect(answer.json.code).toBe('origin-refused');
      }
    }
  });

  test('missing Host is refused', async () => {
    await using server = await serve();
    const socket = connect(server.port, '127.0.0.1');
    socket.write(`GET ${service} HTTP/1.1\r\nAuthorization: Bearer ${server.token}\r\n\r\n`);
    const answer = await text(socket);
    expect(answer).toMatch(/^HTTP\/1\.1 403 /);
    expect(answer).toContain('"code":"origin-refused"');
  });

  test('no reply may be read by another site', async () => {
    await using server = await serve();
    const preflight = { origin: 'http://evil.example', 'access-control-request-method': 'POST' };
    const answers = [
      await server.tcp(service, { method: 'OPTIONS', headers: preflight }),
      await server.tcp(service, { headers: bearer(server.token) }),
      await server.tcp('/'),
      await server.tcp('/%zz', { headers: bearer(server.token) }),
      await server.local('/nothing'),
    ];
    for (const { headers } of answers) {
      expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
      expect(headers['content-security-policy']).toContain("default-src 'none'");
      expect(headers['content-security-policy']).not.toMatch(/script-src (?!'self'(;|$))/);
      expect(headers['content-security-policy']).not.toContain('unsafe-eval');
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'referrer-policy': expect.stringMatching(/^(no-referrer|same-origin)$/),
        'cross-origin-resource-policy': 'same-origin',
        'cache-control': 'no-store',
      });
    }
  });

  test('and the token are checked for WebSockets, too', async () => {
    const port = { view: async () => ({ close: () => {} }), write: async () => {} };
    await using server = await serve({ serial: () => port });
    const signedIn = bearer(server.token);
    for (const own of good(server)) {
      expect(await shake(server, { ...(await cookie(server)), host: own, origin: `http://${own}` })).toBe(
        101,
      );
    }
    expect(await shake(server, signedIn)).toBe(101);
    expect(await shake(server, {})).toBe(401);
    expect(await shake(server, bearer('wrong'))).toBe(401);
    for (const host of badHosts(server)) expect(await shake(server, { ...signedIn, host })).toBe(403);
    for (const origin of badOrigins(server)) expect(await shake(server, { ...signedIn, origin })).toBe(403);
  });
});

describe('the page', () => {
  test('tells a stranger nothing', async () => {
    await using server = await serve();
    const page = await server.tcp('/');
    expect(page.status).toBe(401);
    expect(page.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(page.text).toContain('phyllome open');
    expect(page.text).not.toContain('1.2.3');
  });

  test('comes to who is signed in, with no script in it that is not a file', async () => {
    await using server = await serve();
    for (const page of [await server.tcp('/', { headers: await cookie(server) }), await server.local('/')]) {
      expect(page.status).toBe(200);
      expect(page.text).toContain('<div id="page">');
      expect(page.text).toMatch(/<script type="module" crossorigin src="\/assets\//);
      expect(page.text).not.toMatch(/<script(?![^>]* src=)|\son\w+=/i);
    }
  });

  test('has files that everybody may have, and browsers may keep', async () => {
    await using server = await serve();
    const { text } = await server.local('/');
    const script = /src="(\/assets\/[^"]+)"/.exec(text)?.[1] ?? '';
    const answer = await server.tcp(script);
    expect(answer.status).toBe(200);
    expect(answer.headers['content-type']).toBe('text/javascript; charset=utf-8');
    expect(answer.headers['cache-control']).toContain('immutable');
    const manifest = await server.tcp('/manifest.webmanifest');
    expect(manifest.headers['content-type']).toBe('application/manifest+json');
    expect(manifest.headers['cache-control']).toBe('no-store');
  });

  test.each([
    '/assets/../index.html',
    '/assets/%2e%2e/index.html',
    '/assets/..%2findex.html',
    '/assets/.hidden',
    '/assets//etc/passwd',
    '/index.html',
    '/package.json',
  ])('%s is no file of it', async (path) => {
    await using server = await serve();
    expect((await server.tcp(path)).status).toBe(401);
    expect((await server.tcp(path, { headers: await cookie(server) })).status).toBe(404);
  });
});
