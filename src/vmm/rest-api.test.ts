// SPDX-License-Identifier: Apache-2.0
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createRestApi, waitForApi, type RestApi } from './rest-api.ts';

/** What came over the wire, and what goes back: plain bytes, since it is just them that matter. */
interface Exchange {
  request: string;
  connection: number;
}

let directory = '';
let socket = '';
let server: Server | null = null;
let api: RestApi;
let connections: Socket[] = [];
let heard: Exchange[] = [];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'ph-rest-'));
  socket = join(directory, 'api');
  api = createRestApi({ name: 'web', socket, readError: (body) => `said: ${body}` });
});
afterEach(async () => {
  api.close();
  await vanish();
  connections = [];
  heard = [];
  await rm(directory, { recursive: true, force: true });
});

async function vanish(): Promise<void> {
  for (const connection of connections) connection.destroy();
  if (server !== null) await new Promise((closed) => server?.close(closed));
  server = null;
}

/** Answers each request by its number, from 0. Null: not at all. */
async function serve(answer: (number: number) => string | null): Promise<void> {
  server = createServer((connection) => {
    const number = connections.push(connection);
    let rest = '';
    connection.on('error', () => {}).setEncoding('latin1');
    connection.on('data', (text: string) => {
      rest += text;
      for (;;) {
        const request = /^[^]*?\r\n\r\n/.exec(rest)?.[0];
        if (request === undefined) return;
        const length = Number(/^content-length: (\d+)/im.exec(request)?.[1] ?? 0);
        if (rest.length < request.length + length) return;
        heard.push({ request: rest.slice(0, request.length + length), connection: number });
        rest = rest.slice(request.length + length);
        const reply = answer(heard.length - 1);
        if (reply !== null) connection.write(reply);
      }
    });
  });
  server.listen(socket);
  await once(server, 'listening');
}

const http = (status: string, body = ''): string =>
  `HTTP/1.1 ${status} \r\nServer: API\r\nConnection: keep-alive\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
// As micro_http says "no content".
const done = 'HTTP/1.1 204 \r\nServer: API\r\nConnection: keep-alive\r\n\r\n';

describe('what is sent', () => {
  test('a body goes with its length, never in chunks', async () => {
    await serve(() => done);
    const body = { name: 'ü', list: [1] };
    expect(await api.call('PUT', '/thing', body)).toBeNull();
    const [head = '', content] = heard[0]?.request.split('\r\n\r\n') ?? [];
    expect(head).toMatch(/^PUT \/thing HTTP\/1\.1\r\n/);
    expect(head).not.toMatch(/transfer-encoding/i);
    expect(head).toMatch(new RegExp(`content-length: ${Buffer.byteLength(JSON.stringify(body))}`, 'i'));
    expect(JSON.parse(Buffer.from(content ?? '', 'latin1').toString('utf8'))).toEqual(body);
  });

  test('no body, no length in chunks either', async () => {
    await serve(() => done);
    await api.call('PUT', '/verb');
    expect(heard[0]?.request).not.toMatch(/transfer-encoding: chunked/i);
  });

  test('one question at a time, over one connection, also when many are asked at once', async () => {
    await serve((number) => http('200', String(number)));
    const answers = await Promise.all(Array.from({ length: 30 }, (_, index) => api.call('GET', `/${index}`)));
    expect(answers).toEqual(Array.from({ length: 30 }, (_, index) => index));
    expect(heard.map(({ request }) => request.split(' ')[1])).toEqual(
      answers.map((index) => `/${String(index)}`),
    );
    expect(new Set(heard.map(({ connection }) => connection)).size).toBe(1);
  });
});

describe('what comes back', () => {
  test('JSON, or nothing', async () => {
    await serve((number) => (number === 0 ? http('200', '{"a":[1]}') : done));
    expect(await api.call('GET', '/')).toEqual({ a: [1] });
    expect(await api.call('PUT', '/')).toBeNull();
  });

  test('a refusal has the words of the VMM and its status', async () => {
    await serve(() => http('500', '["a","b"]'));
    await expect(api.call('PUT', '/vm.boot')).rejects.toMatchObject({
      code: 'vmm-refused',
      facts: { command: 'PUT /vm.boot', reason: 'said: ["a","b"]', status: 500 },
    });
  });

  test('a full server is asked again', async () => {
    await serve((number) => (number < 2 ? http('503', 'full') : http('200', '1')));
    expect(await api.call('GET', '/')).toBe(1);
    expect(heard).toHaveLength(3);
  });

  test('but not for ever', async () => {
    await serve(() => http('503', 'full'));
    await expect(api.call('GET', '/')).rejects.toMatchObject({ code: 'vmm-refused', facts: { status: 503 } });
    expect(heard.length).toBeGreaterThan(3);
  });

  test.each([
    ['half of an answer', 'HTTP/1.1 200 \r\nContent-Length: 100\r\n\r\n{"state": "Runn'],
    ['half of a header', 'HTTP/1.1 200 \r\nContent-Le'],
    ['something else', 'SSH-2.0-OpenSSH_9\r\n'],
  ])('%s, and then the end', async (_what, text) => {
    await serve((number) => {
      if (number > 0) return http('200', '2');
      setImmediate(() => connections[0]?.end(text));
      return null;
    });
    await expect(api.call('GET', '/')).rejects.toMatchObject({ code: 'vmm-gone' });
    // It was that answer, not the VMM: the next question makes a new connection.
    expect(await api.call('GET', '/')).toBe(2);
  });

  test('an answer that is no JSON', async () => {
    await serve(() => http('200', 'Hello'));
    await expect(api.call('GET', '/')).rejects.toMatchObject({ code: 'vmm-gone' });
  });

  test('an answer without end is not kept', async () => {
    const line = 'x'.repeat(2 ** 20);
    await serve(() => `HTTP/1.1 200 \r\nContent-Length: ${8 * line.length}\r\n\r\n${line.repeat(8)}`);
    await expect(api.call('GET', '/')).rejects.toMatchObject({ code: 'vmm-gone' });
  });
});

describe('a VMM that hangs', () => {
  test('is given its time, and holds up nobody for ever', async () => {
    await serve((number) => (number === 0 ? null : http('200', '7')));
    const stuck = api.call('PUT', '/vm.pause', undefined, 50);
    const next = api.call('GET', '/vm.info');
    await expect(stuck).rejects.toMatchObject({
      code: 'vmm-no-answer',
      facts: { name: 'web', command: 'PUT /vm.pause', seconds: 0.05 },
    });
    expect(await next).toBe(7);
  });

  test('closing ends a question that waits', async () => {
    await serve(() => null);
    const asking = api.call('GET', '/');
    await expect.poll(() => heard.length).toBe(1);
    api.close();
    await expect(asking).rejects.toMatchObject({ code: 'vmm-gone' });
    await expect(api.call('GET', '/')).rejects.toMatchObject({ code: 'vmm-gone' });
  });
});

describe('a socket', () => {
  test('that vanishes while one asks', async () => {
    await serve(() => {
      setImmediate(() => void vanish());
      return null;
    });
    await expect(api.call('GET', '/')).rejects.toMatchObject({ code: 'vmm-gone' });
    await expect(api.call('GET', '/')).rejects.toMatchObject({ code: 'vmm-gone' });
  });

  test('that is about to appear is waited for', async () => {
    const waiting = waitForApi(api, { name: 'web', path: '/', signal: AbortSignal.timeout(5000) });
    await serve(() => http('200', '{"version":"1"}'));
    expect(await waiting).toEqual({ version: '1' });
  });

  test('that does not appear, or that nobody listens on', async () => {
    const nobody = { name: 'web', path: '/', signal: AbortSignal.timeout(50) };
    await expect(waitForApi(api, nobody)).rejects.toMatchObject({ code: 'vmm-gone' });
  });

  test('whose VMM refuses is not waited for', async () => {
    await serve(() => http('500', 'no'));
    const waiting = waitForApi(api, { name: 'web', path: '/', signal: AbortSignal.timeout(5000) });
    await expect(waiting).rejects.toMatchObject({ code: 'vmm-refused' });
  });
});
