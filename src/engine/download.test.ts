// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { isoBytes } from '../disk/testing.ts';
import { createDownloader } from './download.ts';
import type { ProxyEnv } from './download-source.ts';
import { librarySandbox, type LibrarySandbox } from './library-testing.ts';

const iso = isoBytes(300_000).fill(0x61, 50_000);
const sha256 = createHash('sha256').update(iso).digest('hex');

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

interface Site extends AsyncDisposable {
  url: string;
  /** What was asked, in order: path, and range if there was one */
  asked: string[];
}

/** A web server that answers as the test says. */
async function site(handler: Handler): Promise<Site> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const { range } = request.headers;
    asked.push(`${request.url}${range === undefined ? '' : ` ${range}`}`);
    handler(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const whole: Handler = (_request, response) =>
  void response.writeHead(200, { 'content-length': iso.length }).end(iso);

/** Sends the part that is asked for, as a good server does, but only up to `most` bytes of it before it breaks off. */
function breaking(most: number, headers: Record<string, string> = { etag: '"1"' }): Handler {
  return (request, response) => {
    const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
    const isSame = request.headers['if-range'] === (headers['etag'] ?? headers['last-modified']);
    const from = isSame ? start : 0;
    const rest = iso.subarray(from);
    const range = { 'content-range': `bytes ${from}-${iso.length - 1}/${iso.length}` };
    response.writeHead(from > 0 ? 206 : 200, {
      ...headers,
      'content-length': rest.length,
      ...(from > 0 && range),
    });
    if (rest.length <= most) response.end(rest);
    else response.write(rest.subarray(0, most), () => response.socket?.end());
  };
}

const patience = { pauses: [1, 1, 1, 1, 1, 1, 1, 1, 1, 1], silence: 5000 };
const downloader = ({ library, tasks }: LibrarySandbox, proxyEnv: ProxyEnv = {}, changes = {}) =>
  createDownloader({ library, tasks, proxyEnv, patience: { ...patience, ...changes } });

/** Downloads and waits for the end. */
async function download(box: LibrarySandbox, body: { url: string; name?: string; sha256?: string }) {
  const { id } = await downloader(box)(body);
  return box.ended(id);
}

describe('a download', () => {
  test('becomes an image under the name its address ends in', async () => {
    await using box = await librarySandbox();
    await using server = await site(whole);
    const task = await download(box, { url: `${server.url}/debian%2013.iso?token=secret#x` });
    expect(task).toMatchObject({
      what: 'Download debian 13.iso',
      state: 'done',
      image: 'debian 13.iso',
      bytes: { done: iso.length, total: iso.length },
    });
    expect(JSON.stringify(box.tasks.list())).not.toContain('secret');
    expect(await box.library.list()).toMatchObject([
      { name: 'debian 13.iso', format: 'iso', bytes: iso.length },
    ]);
    expect(await box.files()).toEqual(['debian 13.iso']);
  });

  test('follows redirects, and takes the name the server gives', async () => {
    await using box = await librarySandbox();
    await using server = await site((request, response) => {
      const moves: Record<string, string> = {
        '/a': '/b',
        '/b': `//${request.headers.host}/c`,
        '/c': 'd?x=1',
      };
      const location = moves[request.url ?? ''];
      if (location !== undefined) response.writeHead(302, { location }).end('moved');
      else
        response
          .writeHead(200, {
            'content-disposition': 'attachment; filename="../my.iso"',
            'content-length': iso.length,
          })
          .end(iso);
    });
    expect(await download(box, { url: `${server.url}/a` })).toMatchObject({ image: 'my.iso' });
    expect(server.asked).toEqual(['/a', '/b', '/c', '/d?x=1']);
  });

  test('of unknown length, with a checksum and a name of ours', async () => {
    await using box = await librarySandbox();
    await using server = await site((_request, response) => void response.end(iso));
    const task = await download(box, { url: server.url, name: 'mine.iso', sha256: sha256.toUpperCase() });
    expect(task).toMatchObject({ state: 'done', image: 'mine.iso', bytes: { done: iso.length } });
  });

  test('goes through the proxy of the environment', async () => {
    await using box = await librarySandbox();
    await using origin = await site(whole);
    await using proxy = await site((asked, response) => {
      request(asked.url ?? '', (reply) => {
        response.writeHead(reply.statusCode ?? 0, reply.headers);
        reply.pipe(response);
      }).end();
    });
    const { id } = await downloader(box, { http_proxy: proxy.url })({ url: `${origin.url}/a.iso` });
    expect((await box.ended(id)).error).toBeNull();
    expect(proxy.asked).toEqual([`${origin.url}/a.iso`]);
    const direct = downloader(box, { http_proxy: proxy.url, no_proxy: '127.0.0.1' });
    await box.ended((await direct({ url: `${origin.url}/b.iso` })).id);
    expect([proxy.asked.length, origin.asked.length]).toEqual([1, 2]);
  });
});

describe('a broken connection', () => {
  test.each([{ etag: '"1"' }, { 'last-modified': 'Sun, 01 Feb 2026 00:00:00 GMT', etag: 'W/"1"' }])(
    'goes on where it was (%j)',
    async (headers) => {
      await using box = await librarySandbox();
      const known = 'last-modified' in headers ? { 'last-modified': headers['last-modified'] } : headers;
      await using server = await site(breaking(100_000, known));
      const task = await download(box, { url: `${server.url}/a.iso`, sha256 });
      expect(task.error).toBeNull();
      // What had come and was not read yet when the connection broke is asked for again.
      const starts = server.asked.map((line) => Number(/bytes=(\d+)-$/.exec(line)?.[1] ?? 0));
      expect(starts.length).toBeGreaterThan(2);
      expect(starts).toEqual(starts.toSorted((a, b) => a - b));
      expect(starts.at(-1)).toBeGreaterThanOrEqual(iso.length - 100_000);
    },
  );

  test('begins anew when the file is another by now', async () => {
    await using box = await librarySandbox();
    let version = 0;
    await using server = await site((request, response) => {
      version += 1;
      breaking(version < 3 ? 200_000 : iso.length, { etag: `"${version}"` })(request, response);
    });
    const task = await download(box, { url: `${server.url}/a.iso`, sha256 });
    expect(task).toMatchObject({ error: null, bytes: { done: iso.length } });
    expect(server.asked).toHaveLength(3);
    expect(server.asked[1]).toMatch(/bytes=\d{5,6}-$/);
  });

  test('begins anew where nothing says that it would be the same file', async () => {
    await using box = await librarySandbox();
    let times = 0;
    await using server = await site((request, response) => {
      times += 1;
      breaking(times === 1 ? 200_000 : iso.length, {})(request, response);
    });
    expect((await download(box, { url: `${server.url}/a.iso`, sha256 })).error).toBeNull();
    expect(server.asked).toEqual(['/a.iso', '/a.iso']);
  });

  test('that breaks again and again is given up, and nothing is kept', async () => {
    await using box = await librarySandbox();
    await using server = await site(breaking(10_000));
    const task = await download(box, { url: `${server.url}/a.iso` });
    expect(task.error?.message).toMatch(
      /a\.iso could not be downloaded: the connection broke after \d+ of 300000 bytes\.$/,
    );
    expect(server.asked).toHaveLength(11);
    expect(await box.files()).toEqual([]);
  });

  test('a server that is busy is asked again', async () => {
    await using box = await librarySandbox();
    let times = 0;
    await using server = await site((request, response) => {
      times += 1;
      if (times === 2) response.writeHead(503).end();
      else if (times === 3) response.writeHead(429).end('later');
      else breaking(times === 1 ? 100_000 : iso.length)(request, response);
    });
    expect((await download(box, { url: `${server.url}/a.iso`, sha256 })).error).toBeNull();
    expect(server.asked).toHaveLength(4);
  });

  test('a server that lost the file is not asked again', async () => {
    await using box = await librarySandbox();
    let times = 0;
    await using server = await site((request, response) => {
      times += 1;
      if (times === 1) breaking(100_000)(request, response);
      else response.writeHead(404).end();
    });
    const task = await download(box, { url: `${server.url}/a.iso` });
    expect(task.error?.facts['reason']).toBe('the server answered 404 Not Found');
    expect(server.asked).toHaveLength(2);
  });

  test('a part that was not asked for is refused', async () => {
    await using box = await librarySandbox();
    await using server = await site((request, response) => {
      if (request.headers.range === undefined) breaking(100_000)(request, response);
      else
        response
          .writeHead(206, { 'content-range': `bytes 5-${iso.length - 1}/${iso.length}` })
          .end(iso.subarray(5));
    });
    const task = await download(box, { url: `${server.url}/a.iso` });
    expect(task.error?.facts['reason']).toMatch(/another part/);
  });

  test('a server that falls silent is given up', async () => {
    await using box = await librarySandbox();
    await using server = await site((_request, response) => {
      response.writeHead(200, { 'content-length': iso.length }).write(iso.subarray(0, 50_000));
    });
    const quiet = downloader(box, {}, { silence: 50, pauses: [1] });
    const task = await box.ended((await quiet({ url: `${server.url}/a.iso` })).id);
    expect(task.error?.facts['reason']).toMatch(/^nothing came for 0\.05 seconds after \d+ of/);
    expect(server.asked).toHaveLength(2);
  });
});

describe('is not kept:', () => {
  const html = '<!doctype html><title>404</title>';
  const cases: [what: string, handler: Handler, code: string, words: RegExp][] = [
    ['404', (_, to) => void to.writeHead(404).end(html), 'download-failed', /answered 404 Not Found/],
    ['500', (_, to) => void to.writeHead(500).end(), 'download-failed', /answered 500/],
    ['204', (_, to) => void to.writeHead(204).end(), 'download-failed', /answered 204/],
    [
      'a web page that says it is one',
      (_, to) => void to.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(html),
      'image-unknown',
      /a web page \(text\/html\)/,
    ],
    [
      'a web page that says it is none',
      (_, to) => void to.writeHead(200, { 'content-type': 'application/octet-stream' }).end(html),
      'image-unknown',
      /but a web page/,
    ],
    [
      'nothing',
      (_, to) => void to.writeHead(200, { 'content-length': 0 }).end(),
      'image-unknown',
      /an empty file/,
    ],
    [
      'what is compressed',
      (_, to) => void to.writeHead(200, { 'content-encoding': 'gzip' }).end('x'),
      'download-failed',
      /compresses it \(gzip\)/,
    ],
    ['a move to nowhere', (_, to) => void to.writeHead(302).end(), 'download-failed', /not where to/],
    [
      'a circle',
      (_, to) => void to.writeHead(302, { location: '/' }).end(),
      'download-failed',
      /more than 5 times/,
    ],
    [
      'a move to a file of this PC',
      (_, to) => void to.writeHead(302, { location: 'file:///etc/passwd' }).end(),
      'url-refused',
      /only http and https are known, not file \(http:.* leads there\)/,
    ],
    [
      'a move with a password',
      (_, to) => void to.writeHead(302, { location: 'http://me:pw@127.0.0.1/' }).end(),
      'url-refused',
      /^http:\/\/127\.0\.0\.1\/ cannot be downloaded: it holds a user name or a password/,
    ],
    [
      'what the disk has no room for',
      (_, to) => void to.writeHead(200, { 'content-length': 2 ** 49 }).write(iso),
      'no-space',
      /512 TiB more/,
    ],
    ['no HTTP', (_, to) => void to.socket?.end('RFB 003.008\n'), 'download-failed', /Parse Error/],
  ];
  test.each(cases)('%s', async (_, handler, code, words) => {
    await using box = await librarySandbox();
    await using server = await site(handler);
    const task = await download(box, { url: `${server.url}/` });
    expect([task.state, task.error?.code]).toEqual(['failed', code]);
    expect(task.error?.message).toMatch(words);
    expect(await box.files()).toEqual([]);
    expect(box.heard.some(({ type }) => type === 'images.changed')).toBe(false);
  });

  test('what has another checksum; both are named', async () => {
    await using box = await librarySandbox();
    await using server = await site(whole);
    const expected = sha256.replace(/^./, (digit) => (digit === '0' ? '1' : '0'));
    const task = await download(box, { url: `${server.url}/a.iso`, sha256: expected });
    expect(task.error).toMatchObject({ code: 'checksum-mismatch', facts: { expected, found: sha256 } });
    expect(await box.files()).toEqual([]);
  });

  test('what nobody serves', async () => {
    await using box = await librarySandbox();
    const { url } = await (async () => {
      await using server = await site(whole);
      return server;
    })();
    const task = await download(box, { url: `${url}/a.iso` });
    expect(task.error?.message).toBe(`${url}/a.iso could not be downloaded: nobody answers at that address.`);
  });

  test('what has the name of another image', async () => {
    await using box = await librarySandbox();
    await using server = await site(whole);
    await writeFile(join(box.paths.images, 'a.iso'), 'precious');
    const task = await download(box, { url: `${server.url}/a.iso` });
    expect(task.error?.code).toBe('file-exists');
    await expect(downloader(box)({ url: server.url, name: 'a.iso' })).rejects.toMatchObject({
      code: 'file-exists',
    });
  });

  test('what was aborted, at every stage', async () => {
    await using box = await librarySandbox();
    // Never answers, or stops in the middle.
    for (const handler of [
      () => undefined,
      (_request, response) =>
        void response.writeHead(200, { 'content-length': iso.length }).write(iso.subarray(0, 90_000)),
    ] satisfies Handler[]) {
      await using server = await site(handler);
      const { id } = await downloader(box)({ url: `${server.url}/a.iso` });
      await expect.poll(() => server.asked).toHaveLength(1);
      expect(await box.tasks.abort(id)).toMatchObject({ state: 'aborted', error: { code: 'task-aborted' } });
      expect(await box.files()).toEqual([]);
    }
    // While it waits for the next attempt.
    const answers: ServerResponse[] = [];
    await using server = await site((_request, response) => {
      answers.push(response);
      response.writeHead(200, { 'content-length': iso.length }).write(iso.subarray(0, 50_000));
    });
    const { id } = await downloader(box, {}, { pauses: [600_000] })({ url: `${server.url}/a.iso` });
    await expect.poll(() => box.tasks.show(id).bytes?.done).toBeGreaterThan(0);
    const closed = new Promise((resolve) => answers[0]?.once('close', resolve));
    answers[0]?.socket?.end();
    await closed;
    expect((await box.tasks.abort(id)).state).toBe('aborted');
    expect(await box.files()).toEqual([]);
  });
});

test.each([
  ['file:///etc/passwd', 'only http and https are known, not file'],
  ['ftp://a.b/x.iso', 'only http and https are known, not ftp'],
  ['data:text/plain,x', 'only http and https are known, not data'],
  ['http://me:secret@a.b/x.iso', 'it holds a user name or a password'],
  ['debian.iso', 'it is not an address'],
  ['http://', 'it is not an address'],
])('%s is refused at once', async (url, reason) => {
  await using box = await librarySandbox();
  const refused = downloader(box)({ url });
  await expect(refused).rejects.toMatchObject({ code: 'url-refused', facts: { reason } });
  await expect(refused).rejects.not.toThrow(/secret/);
  expect(box.tasks.list()).toEqual([]);
});

test('a name that cannot be is refused at once', async () => {
  await using box = await librarySandbox();
  const refused = downloader(box)({ url: 'http://127.0.0.1:1/', name: '../x' });
  await expect(refused).rejects.toMatchObject({ code: 'image-name-invalid' });
});
