// SPDX-License-Identifier: Apache-2.0
//
// A server that means ill, or is having a bad day. Whatever it does, nothing of it becomes an image of the library.
import { mkdir, readdir, stat, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import * as pgp from 'openpgp';
import { describe, expect, test } from 'vitest';
import { diskBytes, isoBytes } from '../../disk/testing.ts';
import { breakAfter, fetchBox, serve, sha256Of, trust, type FetchBox } from './testing.ts';

const iso = isoBytes(300 * 2 ** 10);
const etag = '"1"';
const listOf = (bytes: Buffer, name = 'a.iso') => `${sha256Of(bytes)}  ${name}\n`;
const checksums = { url: 'SHA256SUMS', algorithm: 'sha256' as const };
const key = await pgp.generateKey({ userIDs: [{ name: 'Ours' }], format: 'object' });
const stranger = await pgp.generateKey({ userIDs: [{ name: 'Stranger' }], format: 'object' });

/** Fetching fails with this code. @returns what is left that somebody could take for an image */
async function refuses(
  box: FetchBox,
  code: string,
  ...given: Parameters<FetchBox['fetch']>
): Promise<string[]> {
  await expect(box.fetch(...given)).rejects.toMatchObject({ code });
  expect(box.heard).toEqual([]);
  return [
    ...(await box.files()).filter((name) => name !== '.partial'),
    ...(await box.library.list()).map(({ name }) => name),
  ];
}

type Route = Parameters<FetchBox['routes']['set']>[1];
const answers: [string, string, Route][] = [
  ['is not there', 'download-failed', (_, response) => response.writeHead(404).end()],
  ['is a page of an error that says all is well', 'checksum-mismatch', '<html>404</html>'],
  [
    'is a web page',
    'image-unknown',
    (_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<html>'),
  ],
  ['was exchanged', 'checksum-mismatch', serve(Buffer.from(iso).fill(1, 99_000, 99_001))],
  ['is empty', 'checksum-mismatch', serve(Buffer.alloc(0))],
  ['was cut short, and its length too', 'checksum-mismatch', serve(iso.subarray(0, 200_000))],
  ['is longer than it should be', 'checksum-mismatch', serve(Buffer.concat([iso, Buffer.alloc(9)]))],
  [
    'says that it is longer than it is',
    'download-failed',
    (_, response) => {
      response.writeHead(200, { 'content-length': iso.length + 100 });
      response.write(iso, () => setTimeout(() => response.destroy(), 20));
    },
  ],
  [
    'says that it is shorter than it is',
    'checksum-mismatch',
    (_, response) => {
      response.socket?.end(
        `HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n${iso.toString('latin1')}`,
        'latin1',
      );
    },
  ],
  [
    'says that it has petabytes',
    'download-failed',
    (_, response) => response.writeHead(200, { 'content-length': '900000000000000' }).flushHeaders(),
  ],
  [
    'never ends',
    'download-failed',
    (_, response) => {
      const more = (): void =>
        void response.write(Buffer.alloc(2 ** 18), (error) => error ?? setImmediate(more));
      more();
    },
  ],
  ['says nothing', 'download-failed', () => {}],
  [
    'leads round and round',
    'download-failed',
    (_, response) => response.writeHead(302, { location: '/a.iso' }).end(),
  ],
  [
    'leads to a file of this PC',
    'url-refused',
    (_, response) => response.writeHead(302, { location: 'file:///etc/passwd' }).end(),
  ],
  [
    'comes packed by the server',
    'download-failed',
    (_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(iso)),
  ],
  ['breaks off at once, always', 'download-failed', (request) => request.socket.destroy()],
];

describe('a file that', () => {
  test.each(answers)('%s', async (_, code, route) => {
    await using box = await fetchBox();
    box.routes.set('/SHA256SUMS', listOf(iso));
    box.routes.set('/a.iso', route);
    expect(await refuses(box, code, { checksums })).toEqual([]);
  });

  test('breaks off and then goes on with another part', async () => {
    for (const range of ['bytes 5-9/10', `bytes 0-${iso.length - 1}/${iso.length}`, 'nonsense', '']) {
      await using box = await fetchBox();
      box.routes.set('/SHA256SUMS', listOf(iso));
      box.routes.set('/a.iso', (request, response) => {
        if (request.headers.range === undefined) breakAfter(iso, 100_000)(request, response);
        else response.writeHead(206, range === '' ? {} : { 'content-range': range }).end(iso);
      });
      expect(await refuses(box, 'download-failed', { checksums })).toEqual([]);
    }
  });

  test('changes while it comes', async () => {
    await using box = await fetchBox();
    const other = Buffer.from(iso).fill(3, 200_000, 200_100);
    box.routes.set('/SHA256SUMS', listOf(iso));
    box.routes.set('/a.iso', (request, response) => {
      if (request.headers.range === undefined) breakAfter(iso, 100_000, etag)(request, response);
      else serve(other, '"2"')(request, response);
    });
    expect(await refuses(box, 'checksum-mismatch', { checksums })).toEqual([]);
    expect(await readdir(box.paths.partial)).toEqual([]);
  });

  test('all servers are dead for', async () => {
    await using box = await fetchBox();
    box.routes.set('/SHA256SUMS', listOf(iso));
    const mirrors = ['http://127.0.0.1:1/', 'http://no-such-host.invalid/', `${box.address}gone/`];
    expect(await refuses(box, 'download-failed', { checksums, mirrors })).toEqual([]);
  });

  test('is a program, signed or not', async () => {
    await using box = await fetchBox();
    const program = Buffer.concat([Buffer.from('\x7fELF'), Buffer.alloc(60_000)]);
    box.routes.set('/SHA256SUMS', listOf(program));
    box.routes.set('/a.iso', serve(program));
    expect(await refuses(box, 'image-unknown', { checksums })).toEqual([]);
  });

  test('is verified by nothing, over a way that anybody can change', async () => {
    await using box = await fetchBox();
    box.routes.set('/a.iso', serve(iso));
    expect(await refuses(box, 'url-refused', {})).toEqual([]);
    expect(box.asked).toEqual([]);
  });
});

describe('a list that', () => {
  const lists: [string, string, Route, string?][] = [
    ['is not there', 'download-failed', (_, response) => response.writeHead(404).end()],
    ['is a web page', 'checksums-unusable', '<!doctype html><p>Not found'],
    ['is empty', 'checksums-unusable', ''],
    ['names other files', 'checksums-unusable', listOf(iso, 'b.iso')],
    ['names it twice', 'checksums-unusable', listOf(iso) + listOf(Buffer.from('x'))],
    ['names no such release', 'release-not-found', listOf(iso, 'b-1.iso'), String.raw`a-\d\.iso`],
    ['leads out of the folder', 'checksums-unusable', `${sha256Of(iso)}  ../..\n${sha256Of(iso)}  ..`, '.*'],
    ['has a name with control characters', 'checksums-unusable', listOf(iso, 'a\u001b[2J.iso'), '.*iso'],
    [
      'says that it has a gigabyte',
      'download-failed',
      (_, response) => response.writeHead(200, { 'content-length': 2 ** 30 }).flushHeaders(),
    ],
    [
      'has a gigabyte',
      'download-failed',
      (_, response) => {
        const more = (): void =>
          void response.write(Buffer.alloc(2 ** 18, 'x\n'), (error) => error ?? setImmediate(more));
        more();
      },
    ],
    [
      'drips',
      'download-failed',
      (_, response) => {
        const drip = setInterval(() => response.write('0'), 50);
        response.on('close', () => clearInterval(drip));
      },
    ],
  ];
  test.each(lists)('%s', async (_, code, route, file = String.raw`a\.iso`) => {
    await using box = await fetchBox();
    box.routes.set('/SHA256SUMS', route);
    box.routes.set('/a.iso', serve(iso));
    expect(await refuses(box, code, { checksums, file })).toEqual([]);
  });

  test('has a path in a name: only its last part counts', async () => {
    await using box = await fetchBox();
    box.routes.set('/SHA256SUMS', listOf(iso, '../../../x.iso'));
    box.routes.set('/x.iso', serve(iso));
    expect(await box.fetch({ checksums, file: '.*iso' })).toMatchObject({ image: 'x.iso' });
    expect((await readdir(box.paths.images)).filter((name) => !name.startsWith('.'))).toEqual(['x.iso']);
  });
});

describe('a signature', () => {
  const signed = { ...checksums, signature: { kind: 'openpgp' as const, file: '.sig', key: 'ours' } };
  const sign = async (text: string, by = key) =>
    Buffer.from(
      (await pgp.sign({
        message: await pgp.createMessage({ binary: Buffer.from(text) }),
        signingKeys: by.privateKey,
        detached: true,
        format: 'binary',
      })) as Uint8Array,
    );

  test('that is good vouches for the file', async () => {
    await using box = await fetchBox();
    await trust(box, { name: 'ours', kind: 'openpgp', text: key.publicKey.armor() });
    box.routes.set('/SHA256SUMS', listOf(iso));
    box.routes.set('/SHA256SUMS.sig', await sign(listOf(iso)));
    box.routes.set('/a.iso', serve(iso));
    expect(await box.fetch({ checksums: signed })).toMatchObject({ verified: 'openpgp' });
  });

  test.each([
    ['is of a stranger', () => sign(listOf(iso), stranger)],
    ['is of another list', () => sign('other')],
    ['was cut off', async () => (await sign(listOf(iso))).subarray(0, 40)],
    ['is a web page', async () => Buffer.from('<html>')],
  ])('of a list that %s', async (_, make) => {
    await using box = await fetchBox();
    await trust(box, { name: 'ours', kind: 'openpgp', text: key.publicKey.armor() });
    box.routes.set('/SHA256SUMS', listOf(iso));
    box.routes.set('/SHA256SUMS.sig', await make());
    box.routes.set('/a.iso', serve(iso));
    expect(await refuses(box, 'signature-refused', { checksums: signed })).toEqual([]);
    expect(box.asked).not.toContain('GET /a.iso');
  });

  test('of the file itself: good, and of another one', async () => {
    await using box = await fetchBox();
    await trust(box, { name: 'ours', kind: 'openpgp', text: key.publicKey.armor() });
    const other = Buffer.from(iso).fill(1, 50_000, 50_001);
    box.routes.set('/a.iso', serve(other));
    box.routes.set('/a.iso.sig', await sign(iso.toString('latin1')));
    const signature = { kind: 'openpgp' as const, file: '.sig', key: 'ours' };
    expect(await refuses(box, 'signature-refused', { signature })).toEqual([]);
    box.routes.set(
      '/a.iso.sig',
      Buffer.from(
        (await pgp.sign({
          message: await pgp.createMessage({ binary: other }),
          signingKeys: key.privateKey,
          detached: true,
          format: 'binary',
        })) as Uint8Array,
      ),
    );
    expect(await box.fetch({ signature })).toMatchObject({ verified: 'openpgp', image: 'a.iso' });
  });
});

describe('an archive that', () => {
  const packedDisk = { file: String.raw`a\.img\.gz`, packed: 'gz' as const, checksums };
  const trap = gzipSync(Buffer.alloc(2 ** 23));
  test.each([
    ['is a bomb', 'unpack-failed', trap],
    ['was cut off before it was signed', 'unpack-failed', gzipSync(diskBytes()).subarray(0, 60)],
    ['is none', 'unpack-failed', diskBytes()],
    ['holds no image', 'image-unknown', gzipSync('hello')],
  ])('%s', async (_, code, bytes) => {
    await using box = await fetchBox();
    box.routes.set('/SHA256SUMS', listOf(bytes, 'a.img.gz'));
    box.routes.set('/a.img.gz', serve(bytes));
    expect(await refuses(box, code, packedDisk)).toEqual([]);
    expect(await readdir(box.paths.partial)).toEqual([]);
  });

  test('is a zip with more or less than one image', async () => {
    await using box = await fetchBox();
    const bytes = Buffer.concat([Buffer.from('PK\x03\x04'), Buffer.alloc(100)]);
    box.routes.set('/SHA256SUMS', listOf(bytes, 'a.zip'));
    box.routes.set('/a.zip', serve(bytes));
    expect(
      await refuses(box, 'unpack-failed', { file: String.raw`a\.zip`, packed: 'zip', checksums }),
    ).toEqual([]);
  });
});

test('an abort at any step leaves nothing but what can be gone on with', async () => {
  await using box = await fetchBox();
  const bytes = gzipSync(diskBytes());
  box.routes.set('/SHA256SUMS', listOf(bytes, 'a.img.gz'));
  box.routes.set('/a.img.gz', serve(bytes));
  const download = { file: String.raw`a\.img\.gz`, packed: 'gz' as const, checksums };
  for (let at = 0; ; at += 1) {
    const controller = new AbortController();
    let step = 0;
    const steps = (): void => {
      if (step === at) controller.abort();
      step += 1;
    };
    const ended = await box.fetch(download, { signal: controller.signal, steps }).catch(() => null);
    if (ended !== null) {
      expect(at).toBeGreaterThan(3);
      expect(ended).toMatchObject({ image: 'a.img' });
      break;
    }
    expect((await box.files()).filter((name) => name !== '.partial')).toEqual([]);
  }
});

test('what lies in the library under its name, a link too, is never written to', async () => {
  await using box = await fetchBox();
  box.routes.set('/SHA256SUMS', listOf(iso));
  box.routes.set('/a.iso', serve(iso));
  await mkdir(box.paths.images, { recursive: true });
  await symlink('/nowhere', join(box.paths.images, 'a.iso'));
  expect(await box.fetch({ checksums })).toMatchObject({ image: 'a (2).iso' });
  await expect(stat('/nowhere')).rejects.toThrow(/ENOENT/);
});
