// SPDX-License-Identifier: Apache-2.0
import { request, type ClientRequest, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import { PhyllomeError } from '../contract/errors.ts';
import type { Image } from '../contract/image.ts';
import { apiPrefix } from '../contract/operations.ts';
import type { Engine } from '../engine/engine.ts';
import { createListener } from './listener.ts';
import { serve, until } from './testing.ts';

const path = `${apiPrefix}/images/a%20b.iso`;
const octets = { 'content-type': 'application/octet-stream' };
const image: Image = {
  name: 'a b.iso',
  file: '/images/a b.iso',
  format: 'iso',
  bytes: 3,
  modifiedAt: '2026-01-01T00:00:00.000Z',
  usedBy: [],
};

/** A server whose engine keeps what it gets. */
function keeper(limit = Infinity) {
  const seen = { name: '', announced: -1, bytes: 0, failure: '' };
  const uploadImage: Engine['uploadImage'] = async (name, announced, content) => {
    Object.assign(seen, { name, announced });
    try {
      for await (const bytes of content) {
        seen.bytes += bytes.length;
        if (seen.bytes > limit) throw new PhyllomeError('image-unknown', { name, found: 'a text' });
      }
    } catch (error) {
      seen.failure = (error as Error).message;
      throw error;
    }
    return image;
  };
  return { seen, uploadImage };
}

interface Asked {
  request: ClientRequest;
  answer: Promise<{ status: number; json: any }>;
}

function put(socketPath: string, headers: Record<string, string | number>): Asked {
  const asked = request({
    socketPath,
    path,
    method: 'PUT',
    headers: { ...octets, ...headers },
    agent: false,
  });
  const answer = new Promise<IncomingMessage>((resolve, reject) => {
    asked.once('response', resolve);
    asked.once('error', reject);
  }).then(async (reply) => ({ status: reply.statusCode ?? 0, json: JSON.parse(await text(reply)) }));
  // Whoever does not look at the answer does not care how it failed.
  answer.catch(() => undefined);
  return { request: asked, answer };
}

test('the bytes reach the engine, more of them than any other request may have', async () => {
  const { seen, uploadImage } = keeper();
  await using server = await serve({ uploadImage });
  const size = 3 * 2 ** 20;
  const { request, answer } = put(server.socketPath, { 'content-length': size });
  request.end(Buffer.alloc(size));
  expect(await answer).toEqual({ status: 200, json: image });
  expect(seen).toEqual({ name: 'a b.iso', announced: size, bytes: size, failure: '' });
});

test('a client is held up while the engine writes', async () => {
  const go = Promise.withResolvers<void>();
  let got = 0;
  await using server = await serve({
    async uploadImage(_name, _bytes, content) {
      await go.promise;
      for await (const bytes of content) got += bytes.length;
      return image;
    },
  });
  const size = 64 * 2 ** 20;
  const { request, answer } = put(server.socketPath, { 'content-length': size });
  // Taken by the kernel's buffers at most.
  expect(request.write(Buffer.alloc(size / 2))).toBe(false);
  request.end(Buffer.alloc(size / 2));
  await until(() => request.socket?.connecting === false);
  expect(request.writableLength).toBeGreaterThan(size / 2);
  go.resolve();
  await answer;
  expect(got).toBe(size);
});

test('a client that goes away ends the content with an error', async () => {
  const { seen, uploadImage } = keeper();
  await using server = await serve({ uploadImage });
  const { request } = put(server.socketPath, { 'content-length': 100 });
  request.write('only a part');
  await until(() => seen.bytes > 0);
  request.destroy();
  await until(() => seen.failure !== '');
  expect(seen.failure).toBe('aborted');
});

test('a refused client hears why, although it has not sent everything', async () => {
  const { uploadImage } = keeper(10);
  await using server = await serve({ uploadImage });
  const size = 8 * 2 ** 20;
  const { request, answer } = put(server.socketPath, { 'content-length': size });
  request.end(Buffer.alloc(size));
  expect(await answer).toMatchObject({ status: 400, json: { code: 'image-unknown' } });
});

test('a refused client is not listened to for ever', async () => {
  const { uploadImage } = keeper(10);
  await using server = await serve({ uploadImage });
  const { request, answer } = put(server.socketPath, { 'content-length': 1000 });
  request.write(Buffer.alloc(20));
  expect((await answer).status).toBe(400);
  // It would have something to say yet.
  await until(() => request.destroyed || request.socket?.destroyed === true);
});

describe('is refused', () => {
  test('without a length', async () => {
    await using server = await serve();
    const { request, answer } = put(server.socketPath, { 'transfer-encoding': 'chunked' });
    request.end('x');
    expect(await answer).toMatchObject({
      status: 400,
      json: { facts: { reason: expect.stringContaining('(Content-Length)') } },
    });
  });

  test.each(['application/json', 'text/plain', 'multipart/form-data; boundary=x'])('as %s', async (type) => {
    await using server = await serve();
    const { request, answer } = put(server.socketPath, { 'content-type': type, 'content-length': 2 });
    request.end('{}');
    const reason = 'its body must be sent as application/octet-stream';
    expect(await answer).toMatchObject({ status: 400, json: { facts: { reason } } });
  });

  test('over TCP without a token, or from another page', async () => {
    const { seen, uploadImage } = keeper();
    await using server = await serve({ uploadImage });
    const ask = (headers: Record<string, string>) =>
      server.tcp(path, { method: 'PUT', body: 'xyz', headers: { ...octets, ...headers } });
    expect((await ask({})).json.code).toBe('not-authorised');
    const authorization = `Bearer ${server.token}`;
    expect((await ask({ authorization, origin: 'http://evil.example' })).json.code).toBe('origin-refused');
    expect(seen.announced).toBe(-1);
    expect((await ask({ authorization, origin: server.address })).status).toBe(200);
  });

  test('bytes elsewhere than at an image', async () => {
    await using server = await serve();
    const answer = await server.local(`${apiPrefix}/machines`, {
      method: 'POST',
      body: 'x',
      headers: octets,
    });
    expect(answer.json.facts.reason).toBe('its body must be sent as application/json');
    const large = await server.local(`${apiPrefix}/machines`, {
      method: 'POST',
      body: JSON.stringify({ name: 'x'.repeat(2 ** 20) }),
    });
    expect(large.json.facts.reason).toBe('its body is larger than 1 MiB');
  });
});

test('no limit of time for a whole request, but one for its headers', () => {
  const server = createListener({ admit() {}, request() {}, upgrade() {} });
  expect([server.requestTimeout, server.headersTimeout]).toEqual([0, 60_000]);
});
