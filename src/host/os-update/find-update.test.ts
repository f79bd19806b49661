// SPDX-License-Identifier: Apache-2.0
//
// Folders of updates as somebody hostile, or somebody careless, would make them.
import { execFileSync } from 'node:child_process';
import { mkdirSync, renameSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { OsImage } from '../../contract/os.ts';
import { findUpdate, type Search } from './find-update.ts';
import { createKeys, kiosk, makeFolder, namesOf, type Keys } from './testing.ts';

let keys: Keys;
beforeAll(() => void (keys = createKeys()));
afterAll(() => keys[Symbol.dispose]());

const image = (version: string): OsImage => ({ ...kiosk, version, live: false });
const look = (url: string, more: Partial<Search> = {}) =>
  findUpdate({
    url,
    from: 'the stick',
    image: image('5'),
    failed: [],
    root: keys.root,
    signal: AbortSignal.timeout(20_000),
    ...more,
  });
const refused = (code: string, message: RegExp) => ({ code, message: expect.stringMatching(message) });

test('what is newer, genuine and for this PC is offered', async () => {
  const { url } = makeFolder(keys, [
    ...namesOf('9'),
    ...namesOf('10'),
    ...namesOf('11', { ...kiosk, edition: 'headless' }),
  ]);
  const [usr, verity, kernel] = namesOf('10');
  expect(await look(url)).toEqual({
    newest: '10',
    offer: { version: '10', files: { usr, 'usr-verity': verity, kernel } },
  });
});

test('the version that runs is no update, and no failure', async () => {
  const { url } = makeFolder(keys, namesOf('5'));
  expect(await look(url)).toEqual({ newest: '5', offer: null });
});

test('an older one is refused, however genuine', async () => {
  const { url } = makeFolder(keys, namesOf('4.9'));
  await expect(look(url)).rejects.toMatchObject(refused('os-update-older', /4\.9.*runs version 5/));
});

test('one that did not come up here is not taken again, a newer one is', async () => {
  const failed = [{ version: '6', why: 'unhealthy' as const }];
  const bad = makeFolder(keys, namesOf('6'));
  await expect(look(bad.url, { failed })).rejects.toMatchObject(
    refused('os-update-failed-before', /did not come up healthy/),
  );
  const good = makeFolder(keys, [...namesOf('6'), ...namesOf('7')]);
  expect((await look(good.url, { failed })).offer?.version).toBe('7');
});

describe('for another PC', () => {
  test.each([
    ['edition', { edition: 'headless' as const }],
    ['distribution', { distribution: 'fedora' }],
    ['architecture', { architecture: 'arm64' }],
  ])('another %s', async (_, other) => {
    const flavour = { ...kiosk, ...other };
    const { url } = makeFolder(keys, namesOf('6', flavour));
    const words = Object.values(other)[0];
    await expect(look(url)).rejects.toMatchObject(
      refused('os-update-other', new RegExp(`${words}.*runs kiosk, debian, x86-64`)),
    );
  });
});

describe('nothing vouches for it', () => {
  test('no signature', async () => {
    const { url, list } = makeFolder(keys, namesOf('6'));
    rmSync(`${list}.gpg`);
    await expect(look(url)).rejects.toMatchObject(refused('os-update-unsigned', /SHA256SUMS\.gpg/));
  });

  test('signed by somebody else', async () => {
    const { url, write, text } = makeFolder(keys, namesOf('6'));
    write(text(), 'stranger');
    await expect(look(url)).rejects.toMatchObject(
      refused('os-update-unsigned', /key that the system .* not know/),
    );
  });

  test('signed by us and changed afterwards', async () => {
    const { url, list, text } = makeFolder(keys, namesOf('6'));
    writeFileSync(list, text().replaceAll('_6', '_7'));
    await expect(look(url)).rejects.toMatchObject(
      refused('os-update-unsigned', /changed after it was signed/),
    );
  });

  test('the signature of another list', async () => {
    const one = makeFolder(keys, namesOf('6'));
    const other = makeFolder(keys, namesOf('7'));
    renameSync(`${other.list}.gpg`, `${one.list}.gpg`);
    await expect(look(one.url)).rejects.toMatchObject(refused('os-update-unsigned', /changed after/));
  });

  test('a signature that is cut off, is empty, is nonsense, or is of another kind', async () => {
    const { url, list } = makeFolder(keys, namesOf('6'));
    truncateSync(`${list}.gpg`, 40);
    await expect(look(url)).rejects.toMatchObject({ code: 'os-update-unsigned' });
    writeFileSync(`${list}.gpg`, '');
    await expect(look(url)).rejects.toMatchObject(refused('os-update-unsigned', /signature is none/));
    writeFileSync(`${list}.gpg`, 'x'.repeat(500));
    await expect(look(url)).rejects.toMatchObject({ code: 'os-update-unsigned' });
    // A message that carries other content and a good signature of that.
    writeFileSync(join(keys.root, 'else'), 'other');
    keys.gpg('--local-user', '=updates', '--output', `${list}.gpg`, '--sign', join(keys.root, 'else'));
    await expect(look(url)).rejects.toMatchObject({ code: 'os-update-unsigned' });
  });

  test('a key that has expired', async () => {
    const then = '--faked-system-time=20200101T120000';
    keys.gpg(then, '--quick-gen-key', 'short', 'ed25519', 'sign', '2d');
    const root = join(keys.root, 'expired');
    mkdirSync(join(root, 'usr/lib/systemd'), { recursive: true });
    mkdirSync(join(root, 'usr/bin'));
    symlinkSync('/usr/bin/gpg', join(root, 'usr/bin/gpg'));
    writeFileSync(join(root, 'usr/lib/systemd/import-pubring.gpg'), keys.gpg('--export', '=short'));
    const { url, list } = makeFolder(keys, namesOf('6'));
    keys.gpg(then, '--local-user', '=short', '--output', `${list}.gpg`, '--detach-sign', list);
    await expect(look(url, { root })).rejects.toMatchObject(refused('os-update-unsigned', /has expired/));
  });

  test('this PC knows no key at all', async () => {
    const { url } = makeFolder(keys, namesOf('6'));
    const root = join(keys.root, 'keyless');
    await expect(look(url, { root })).rejects.toMatchObject(refused('os-update-unsigned', /knows no key/));
  });
});

describe('a list that is signed and still no good', () => {
  test.each([
    ['a path', (sum: string) => `${sum}  ../../etc/passwd\n`, /line 1 is not/],
    ['a folder', (sum: string) => `${sum}  EFI/Linux/a.efi\n`, /line 1 is not/],
    ['dots', (sum: string) => `${sum}  ..\n`, /line 1 is not/],
    ['a NUL', (sum: string) => `${sum}  a\0b\n`, /line 1 is not/],
    ['a pattern', (sum: string) => `${sum}  phyllome-@v.efi\n`, /line 1 is not/],
    ['a huge name', (sum: string) => `${sum}  ${'x'.repeat(256)}\n`, /line 1 is not/],
    ['a short sum', (sum: string) => `${sum.slice(1)}  a\n`, /line 1 is not/],
    ['no end', (sum: string) => `${sum}  a`, /end is missing/],
    ['a name twice', (sum: string) => `${sum}  a\n${sum}  a\n`, /names a twice/],
    ['nothing', () => '', /no update of Phyllome/],
    ['other software', (sum: string) => `${sum}  debian.iso\n`, /no update of Phyllome/],
    [
      'a version that is none',
      (sum: string) => `${sum}  phyllome-kiosk-debian-x86-64_${'9'.repeat(60)}.efi\n`,
      /no update/,
    ],
  ])('%s', async (_, text, reason) => {
    const { url, write, sum } = makeFolder(keys, []);
    write(text(sum));
    await expect(look(url)).rejects.toMatchObject(refused('os-update-unusable', reason));
  });

  test('a part is missing, or there are two of it', async () => {
    const [usr = '', verity = '', kernel = ''] = namesOf('6');
    await expect(look(makeFolder(keys, [usr, verity]).url)).rejects.toMatchObject(
      refused('os-update-unusable', /no kernel of version 6/),
    );
    const second = usr.replace('11111111', '22222222');
    await expect(look(makeFolder(keys, [usr, second, verity, kernel]).url)).rejects.toMatchObject(
      refused('os-update-unusable', /more than one usr of version 6/),
    );
  });

  test('it is huge', async () => {
    const { url, list } = makeFolder(keys, []);
    truncateSync(list, 2 ** 32);
    await expect(look(url)).rejects.toMatchObject(refused('os-update-unusable', /more than 262144 bytes/));
  });

  test('it is a link or a pipe, as on a stick of somebody else', async () => {
    const { url, list } = makeFolder(keys, []);
    rmSync(list);
    symlinkSync('/etc/passwd', list);
    await expect(look(url)).rejects.toMatchObject({ code: 'os-update-unreachable' });
    rmSync(list);
    execFileSync('mkfifo', [list]);
    await expect(look(url)).rejects.toMatchObject(refused('os-update-unusable', /is no file/));
  });
});

describe('over the network', () => {
  async function serve(listener: RequestListener) {
    const server = createServer(listener);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    return {
      url: `http://127.0.0.1:${port}/rolling`,
      [Symbol.dispose]: () => {
        server.closeAllConnections();
        server.close();
      },
    };
  }

  test('nobody answers, or answers something else', async () => {
    await expect(look('http://127.0.0.1:1/rolling')).rejects.toMatchObject(
      refused('os-update-unreachable', /ECONNREFUSED/),
    );
    using missing = await serve((_, answer) => answer.writeHead(404).end());
    await expect(look(missing.url)).rejects.toMatchObject(
      refused('os-update-unreachable', /answers 404 to SHA256SUMS/),
    );
  });

  test('a list without end is not read to its end', async () => {
    using endless = await serve((_, answer) => {
      const more = (): void => {
        while (!answer.destroyed && answer.write('x'.repeat(65_536)));
      };
      answer.on('drain', more);
      more();
    });
    await expect(look(endless.url)).rejects.toMatchObject(refused('os-update-unusable', /more than/));
  });

  test('redirections are followed, but not in circles and not to files', async () => {
    const made = makeFolder(keys, namesOf('6'));
    using good = await serve(({ url = '' }, answer) => {
      if (!url.startsWith('/moved'))
        answer.writeHead(302, { location: url.replace('/rolling', '/moved') }).end();
      else answer.end(execFileSync('cat', [join(made.folder, url.slice('/moved/'.length))]));
    });
    expect((await look(good.url)).offer?.version).toBe('6');
    using round = await serve((_, answer) => answer.writeHead(302, { location: '/again' }).end());
    await expect(look(round.url)).rejects.toMatchObject(refused('os-update-unreachable', /circles/));
    using local = await serve((_, answer) =>
      answer.writeHead(302, { location: `${made.url}/SHA256SUMS` }).end(),
    );
    await expect(look(local.url)).rejects.toMatchObject(refused('os-update-unreachable', /leads to file:/));
  });

  test('whoever asked may stop waiting', async () => {
    using silent = await serve(() => {});
    const stop = new AbortController();
    setTimeout(() => stop.abort(new Error('enough')), 50);
    await expect(look(silent.url, { signal: stop.signal })).rejects.toThrow('enough');
  });
});
