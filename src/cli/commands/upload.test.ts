// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from 'node:child_process';
import { truncate, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { PhyllomeError } from '../../contract/errors.ts';
import type { Image } from '../../contract/image.ts';
import { uploadImage } from '../service/upload.ts';
import { createHome, onTerminal, phyllome, someTask, type Home } from '../testing.ts';

const image: Image = {
  name: 'a b.iso',
  file: '/images/a b.iso',
  format: 'iso',
  bytes: 5,
  modifiedAt: '2026-11-23T07:00:00.000Z',
  usedBy: [],
};

interface Taker extends Home {
  /** What came: how it was announced, and how many bytes */
  seen: { line: string; length: string | undefined; bytes: number }[];
}

/** A service that takes uploads, and says one event to whoever listens. */
async function taker(answer: RequestListener): Promise<Taker> {
  const home = await createHome();
  const seen: Taker['seen'] = [];
  const server = createServer((request, response) => {
    if (request.url === '/api/v1/events') {
      response.writeHead(200).flushHeaders();
      const bytes = { done: 2 ** 20, total: 2 ** 21, perSecond: 2 ** 19 };
      const task = someTask({
        what: 'Upload a b.iso',
        step: 'Receiving',
        fraction: 0.5,
        bytes,
        secondsLeft: 2,
      });
      response.write(`id: 1\ndata: ${JSON.stringify({ type: 'task.changed', id: 1, time: '', task })}\n\n`);
      return;
    }
    const line = {
      line: `${request.method} ${request.url}`,
      length: request.headers['content-length'],
      bytes: 0,
    };
    seen.push(line);
    request.on('data', (piece: Buffer) => (line.bytes += piece.length));
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(home.paths.serviceSocket, resolve));
  return {
    ...home,
    seen,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await home[Symbol.asyncDispose]();
    },
  };
}

const accept: RequestListener = (request, response) =>
  void request.once('end', () => response.end(JSON.stringify(image)));
const refuse: RequestListener = (_request, response) => {
  const failure = new PhyllomeError('image-unknown', { name: 'a b.iso', found: 'a text' });
  // As the service does: the connection stays for a while.
  response.shouldKeepAlive = true;
  response.writeHead(failure.status).end(JSON.stringify(failure.report()));
};

test('sends a file under its name', async () => {
  await using service = await taker(accept);
  await writeFile(join(service.root, 'a b.iso'), 'bytes');
  const ended = await phyllome(service, ['upload', 'a b.iso']);
  expect(ended).toEqual({
    code: 0,
    stdout: 'a b.iso (iso, 5 B) is in the library: /images/a b.iso\n',
    stderr: '',
  });
  expect(service.seen).toEqual([{ line: 'PUT /api/v1/images/a%20b.iso', length: '5', bytes: 5 }]);
});

test('sends standard input when that is a file, and shows how it goes', async () => {
  await using service = await taker((request, response) => {
    if (service.seen.length === 1) accept(request, response);
  });
  await writeFile(join(service.root, 'x'), '');
  await truncate(join(service.root, 'x'), 3 * 2 ** 20);
  const screen = await onTerminal(service, 'phyllome upload - --name "a b.iso" < x').end();
  expect(screen).toContain('50 %  1 MiB of 2 MiB, 512 KiB/s, 2 s le');
  expect(service.seen).toEqual([
    { line: 'PUT /api/v1/images/a%20b.iso', length: String(3 * 2 ** 20), bytes: 3 * 2 ** 20 },
  ]);
});

test('a refusal that comes early is what is said', async () => {
  await using service = await taker(refuse);
  await writeFile(join(service.root, 'a b.iso'), '');
  await truncate(join(service.root, 'a b.iso'), 2 ** 30);
  const { code, stderr } = await phyllome(service, ['upload', 'a b.iso']);
  expect([code, stderr.split('\n')[0]]).toEqual([
    1,
    'phyllome: a b.iso was not kept: it is neither an installation medium nor a disk, but a text.',
  ]);
});

test('Ctrl-C ends it', async () => {
  await using service = await taker(() => undefined);
  await writeFile(join(service.root, 'a b.iso'), 'bytes');
  const terminal = onTerminal(service, 'phyllome upload "a b.iso"');
  await terminal.until(/1 MiB of 2 MiB/);
  terminal.type('\u0003');
  expect(await terminal.end()).toContain('Stopped. Nothing of the upload was kept.');
});

describe('is refused without asking the service', () => {
  test.each([
    [['absent.iso'], 1, /cannot be used: ENOENT/],
    [['.'], 2, /"\." is not a file/],
    [['pipe'], 2, /"pipe" is not a file/],
    [['-'], 2, /Standard input has no name/],
    [['-', '--name', 'x'], 2, /it has to be a file/],
  ] as const)('%j', async (words, code, message) => {
    await using service = await taker(accept);
    execFileSync('mkfifo', [join(service.root, 'pipe')]);
    const ended = await phyllome(service, ['upload', ...words]);
    expect([ended.code, service.seen]).toEqual([code, []]);
    expect(ended.stderr).toMatch(message);
  });
});

const send = (service: Home, content: Readable) =>
  uploadImage(service.paths, { name: 'a.iso', bytes: 10, content, signal: new AbortController().signal });

async function* broken() {
  yield Buffer.alloc(4);
  throw new Error('EIO: i/o error, read');
}

describe('what goes wrong on the way', () => {
  test('a file that is shorter than it was', async () => {
    await using service = await taker(accept);
    await expect(send(service, Readable.from([Buffer.alloc(4)]))).rejects.toMatchObject({
      code: 'upload-incomplete',
      facts: { done: 4, total: 10 },
    });
  });

  test('a file that cannot be read to its end', async () => {
    await using service = await taker(accept);
    await expect(send(service, Readable.from(broken()))).rejects.toThrow('EIO');
  });

  test('a service that ends', async () => {
    await using service = await taker((request) => request.socket.destroy());
    await expect(send(service, Readable.from([Buffer.alloc(10)]))).rejects.toMatchObject({
      code: 'service-unreachable',
    });
  });
});
