// SPDX-License-Identifier: Apache-2.0
//
// The page over the network, with real TLS connections.
import { once } from 'node:events';
import { request } from 'node:https';
import { connect as connectPlainly, type Socket } from 'node:net';
import { connect, type TLSSocket } from 'node:tls';
import { describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { apiPrefix } from '../../contract/operations.ts';
import { serve, until } from '../testing.ts';
import { password, serveOnNetwork, type NetworkServer } from './network-testing.ts';

const machines = `${apiPrefix}/machines`;
const access = `${apiPrefix}/access`;
// Each makes a certificate and looks at passwords.
const patience = { timeout: 60_000 };
const post = (cookie: string, body: unknown = {}) => ({ method: 'POST', headers: { cookie }, body });
const codeIn = ({ text }: { text: string }): string => (JSON.parse(text) as { code: string }).code;

test('without a password the page does not go onto the network', patience, async () => {
  await using server = await serve();
  const answer = await server.local(`${access}/network`, { method: 'PUT', body: { on: true } });
  expect([answer.status, answer.json.code]).toEqual([409, 'password-needed']);
  expect((await server.local(access)).json).toMatchObject({
    password: null,
    network: { on: false, listening: false, certificate: null, problem: null },
    sessions: [],
  });
});

test('a password is set, changed by who knows the old one, and never shown', patience, async () => {
  await using server = await serve();
  const bearer = { authorization: `Bearer ${server.token}` };
  const set = (body: object) => server.tcp(`${access}/password`, { method: 'PUT', headers: bearer, body });
  expect((await set({ password: 'short' })).json.code).toBe('password-weak');
  expect((await set({ password })).status).toBe(200);
  expect((await set({ password: 'another horse battery' })).json.code).toBe('password-wrong');
  const wrong = await set({ password: 'another horse battery', oldPassword: 'wrong' });
  expect([wrong.status, wrong.json.code]).toEqual([403, 'password-wrong']);
  expect((await set({ password: 'another horse battery', oldPassword: password })).status).toBe(200);
  // On the unix socket nobody is asked for it.
  const local = await server.local(`${access}/password`, { method: 'PUT', body: { password } });
  expect(local.status).toBe(200);
  expect(local.text).not.toContain('hash');
  expect(server.log()).not.toContain('horse');
});

describe('over TLS', () => {
  test('a stranger gets the sign-in page in their language, and nothing else', patience, async () => {
    await using on = await serveOnNetwork();
    const page = await on.away('/', { headers: { 'accept-language': 'fr-CH, en;q=0.7' } });
    expect(page.status).toBe(401);
    expect(page.text).toContain('<html lang="fr">');
    expect(page.text).toContain('<form method="post" action="/sign-in">');
    expect(page.headers['content-security-policy']).toContain("form-action 'self'");
    // Otherwise browsers would send the form with "Origin: null".
    expect(page.headers['referrer-policy']).toBe('same-origin');
    expect(page.text).not.toMatch(/<script|1\.2\.3|localhost/);
    for (const path of [machines, `${apiPrefix}/openapi.json`, '/nothing'])
      expect([path, (await on.away(path)).status]).toEqual([path, 401]);
    // What lets programs of this PC in does not count here.
    const headers = { authorization: `Bearer ${on.server.token}` };
    expect((await on.away(machines, { headers })).status).toBe(401);
  });

  test('the password signs a browser in', patience, async () => {
    await using on = await serveOnNetwork();
    const wrong = await on.form('wrong');
    expect(wrong.status).toBe(403);
    expect(wrong.text).toContain('role="alert"');
    expect(wrong.headers['set-cookie']).toBeUndefined();
    const right = await on.form(password, { 'user-agent': 'Mozilla/5.0 (Android 16; Mobile) Firefox/150.0' });
    expect([right.status, right.headers['location']]).toEqual([303, '/']);
    const [cookie = ''] = right.headers['set-cookie'] as string[];
    expect(cookie).toMatch(
      new RegExp(
        `^__Host-phyllome-${on.port}=[\\w-]{43}; Secure; HttpOnly; SameSite=Strict; Path=/; Max-Age=2592000$`,
      ),
    );
    const headers = { cookie: cookie.split(';', 1)[0] as string };
    expect((await on.away(machines, { headers })).status).toBe(200);
    expect((await on.away('/', { headers })).status).not.toBe(401);
    // A cookie of the network is none on this PC, even under the name it has there.
    const here = headers.cookie.replace('__Host-', '').replace(/\d+=/, `${on.server.port}=`);
    expect((await on.server.tcp(machines, { headers: { cookie: here } })).status).toBe(401);
    expect(JSON.parse((await on.away(access, { headers })).text)).toMatchObject({
      network: { on: true, listening: true, port: on.port, certificate: { own: false } },
      sessions: [{ name: 'Firefox on Android', network: true, by: 'password', current: true, locked: false }],
    });
    expect(on.server.log()).not.toContain(password);
  });

  test('only our own names and the address that was reached are taken', patience, async () => {
    await using on = await serveOnNetwork();
    const cookie = await on.signIn();
    const { port } = on;
    const ask = async (headers: Record<string, string>) =>
      (await on.away(machines, { headers: { cookie, ...headers } })).status;
    for (const host of [`localhost:${port}`, 'LOCALHOST', `127.0.0.1:${port}`])
      expect([host, await ask({ host })]).toEqual([host, 200]);
    for (const host of [
      'evil.example',
      `evil.example:${port}`,
      `10.0.0.9:${port}`,
      '127.0.0.1',
      `[::1]:${port}`,
    ])
      expect([host, await ask({ host })]).toEqual([host, 403]);
    for (const origin of ['null', 'https://evil.example', `http://localhost:${port}`, 'https://localhost'])
      expect([origin, await ask({ origin })]).toEqual([origin, 403]);
    expect(await ask({ origin: `https://localhost:${port}` })).toBe(200);
    expect((await on.form(password, { origin: 'https://evil.example' })).status).toBe(403);
    const named = { method: 'PUT', body: { names: ['PC.example.org'] } };
    expect((await on.server.local(`${access}/network`, named)).status).toBe(200);
    // A router may show another port.
    expect(await ask({ host: 'pc.example.org', origin: 'https://pc.example.org' })).toBe(200);
  });

  test('wrong passwords are not looked at any more after a few', patience, async () => {
    await using on = await serveOnNetwork();
    for (let count = 0; count < 5; count += 1) expect((await on.form(`wrong ${count}`)).status).toBe(403);
    const answer = await on.form(password);
    expect(answer.status).toBe(429);
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
    // The PC itself is another place.
    const sent = await on.server.tcp('/sign-in', {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: `password=${encodeURIComponent(password)}`,
    });
    expect(sent.status).toBe(303);
  });

  test('a locked browser may unlock and leave, and nothing else', patience, async () => {
    await using on = await serveOnNetwork();
    const cookie = await on.signIn();
    const headers = { cookie };
    expect((await on.away(`${access}/lock`, post(cookie))).status).toBe(200);
    for (const path of [machines, access, `${apiPrefix}/events`, `${apiPrefix}/service`]) {
      const answer = await on.away(path, { headers });
      expect([path, answer.status, codeIn(answer)]).toEqual([path, 423, 'locked']);
    }
    const others = await on.away(`${access}/sign-out`, post(cookie, { all: true }));
    expect(others.status).toBe(423);
    expect(codeIn(await on.away(`${access}/unlock`, post(cookie, { password: 'wrong' })))).toBe(
      'password-wrong',
    );
    expect((await on.away(machines, { headers })).status).toBe(423);
    expect((await on.away(`${access}/unlock`, post(cookie, { password }))).status).toBe(200);
    expect((await on.away(machines, { headers })).status).toBe(200);
    // From a terminal of this PC: only what is on it.
    expect((await on.server.local(`${access}/lock`, { method: 'POST', body: {} })).status).toBe(200);
    expect((await on.away(machines, { headers })).status).toBe(200);
    await on.away(`${access}/lock`, post(cookie));
    expect((await on.away(`${access}/sign-out`, post(cookie))).status).toBe(200);
    expect((await on.away(machines, { headers })).status).toBe(401);
  });

  test('what a browser watches ends when it is locked or signed out', patience, async () => {
    const console = { view: async () => ({ close: () => {} }), write: async () => {} };
    await using on = await serveOnNetwork({ serial: () => console });
    const cookie = await on.signIn();
    const stream = await openEvents(on, cookie);
    const socket = new WebSocket(`wss://localhost:${on.port}${machines}/x/serial`, {
      headers: { cookie },
      rejectUnauthorized: false,
      lookup: (_host, _options, found) => found(null, [{ address: '127.0.0.1', family: 4 }]),
    });
    await once(socket, 'open');
    const closed = once(socket, 'close');
    await on.away(`${access}/lock`, post(cookie));
    await Promise.all([stream.ended, closed]);
    await on.away(`${access}/unlock`, post(cookie, { password }));
    const again = await openEvents(on, cookie);
    await on.server.local(`${access}/sign-out`, { method: 'POST', body: { all: true } });
    await again.ended;
    expect((await on.away(machines, { headers: { cookie } })).status).toBe(401);
  });

  test('it can be switched off from afar: the answer comes, then nothing more', patience, async () => {
    await using on = await serveOnNetwork();
    const headers = { cookie: await on.signIn() };
    const off = await on.away(`${access}/network`, { method: 'PUT', headers, body: { on: false } });
    expect(off.status).toBe(200);
    expect(JSON.parse(off.text)).toMatchObject({ network: { on: false, listening: false } });
    await expect(on.away('/')).rejects.toThrow('ECONNREFUSED');
  });
});

describe('hostile clients', () => {
  test('old TLS, plain HTTP and noise get nothing, and harm nobody', patience, async () => {
    await using on = await serveOnNetwork();
    const old = connect({
      port: on.port,
      host: '127.0.0.1',
      maxVersion: 'TLSv1.1',
      rejectUnauthorized: false,
    });
    await expect(once(old, 'secureConnect')).rejects.toThrow(/protocol|alert|version/i);
    for (const noise of [
      'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n',
      '\x16\x03\x01\xff\xff',
      '\0'.repeat(10_000),
    ]) {
      const socket = connectPlainly(on.port, '127.0.0.1');
      socket.on('error', () => {});
      const said: Buffer[] = [];
      socket.on('data', (bytes: Buffer) => said.push(bytes));
      socket.end(noise);
      await once(socket, 'close');
      expect(Buffer.concat(said).toString()).not.toContain('HTTP');
    }
    expect((await on.away('/')).status).toBe(401);
  });

  test('who holds many connections open keeps nobody else out', patience, async () => {
    await using on = await serveOnNetwork();
    const { port } = on;
    const sockets: Socket[] = [];
    let refused = 0;
    for (let count = 0; count < 100; count += 1) {
      const socket = connectPlainly({ port, host: '127.0.0.1', localAddress: '127.0.0.2' });
      socket.on('error', () => {});
      socket.once('close', () => (refused += 1));
      await once(socket, 'connect');
      sockets.push(socket);
    }
    await until(() => refused >= 36);
    expect((await on.away('/')).status).toBe(401);
    expect(refused).toBe(36);
    for (const socket of sockets) socket.destroy();
  });

  test('a form is short, and a body nobody asked for is not read', patience, async () => {
    await using on = await serveOnNetwork();
    expect((await on.form('x'.repeat(20_000))).status).toBe(400);
    const json = { method: 'POST', body: { password } };
    expect((await on.away('/sign-in', json)).status).toBe(400);
    const socket: TLSSocket = connect({ port: on.port, host: '127.0.0.1', rejectUnauthorized: false });
    await once(socket, 'secureConnect');
    const head = `PUT ${apiPrefix}/images/a.iso HTTP/1.1\r\nHost: localhost:${on.port}\r\nContent-Length: 99999999\r\n\r\n`;
    socket.write(head);
    const [answer] = (await once(socket, 'data')) as [Buffer];
    expect(answer.toString()).toMatch(/^HTTP\/1\.1 401 /);
    await once(socket, 'close');
  });
});

async function openEvents({ port }: NetworkServer, cookie: string): Promise<{ ended: Promise<unknown> }> {
  const stream = request({
    host: '127.0.0.1',
    port,
    path: `${apiPrefix}/events`,
    headers: { host: `localhost:${port}`, cookie },
    agent: false,
    rejectUnauthorized: false,
  });
  stream.end();
  const [reply] = (await once(stream, 'response')) as [import('node:http').IncomingMessage];
  expect(reply.statusCode).toBe(200);
  reply.on('error', () => {});
  stream.on('error', () => {});
  reply.resume();
  return { ended: new Promise((resolve) => reply.once('close', resolve)) };
}
