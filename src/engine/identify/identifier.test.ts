// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, symlink, truncate, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createOsinfo } from '../../catalog/osinfo/osinfo.ts';
import { makeIso } from '../../disk/medium/testing.ts';
import { createIdentifier, type Identifier } from './identifier.ts';

let folder: string;
let identifier: Identifier;
const asked: (readonly string[])[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'identify-'));
  asked.length = 0;
  const osinfo = createOsinfo({ folders: [join(folder, 'none')], cacheDirectory: join(folder, 'cache') });
  identifier = createIdentifier({
    osinfo,
    entryOf: async (system) => {
      asked.push([system.id, system.osinfo ?? '']);
      return system.id === 'debian13' ? 'debian13' : null;
    },
  });
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const put = async (name: string, content: Buffer | string): Promise<string> => {
  const file = join(folder, name);
  await writeFile(file, content);
  return file;
};
const debian = makeIso({ volume: 'Debian 13.2.0 amd64 n', boot: [0], files: { '.disk/info': 'Debian' } });

test('a medium: what it is, its entry, what was read', async () => {
  const file = await put('called.pdf', debian);
  expect(await identifier.identify(file)).toEqual({
    file,
    guestOs: 'debian13',
    name: 'Debian 13',
    entry: 'debian13',
    osinfo: 'http://debian.org/debian/13',
    architecture: 'x86_64',
    kind: 'installer',
    confidence: 'certain',
    reasons: ['Its label is "Debian 13.2.0 amd64 n".'],
    facts: {
      volume: 'Debian 13.2.0 amd64 n',
      bytes: String(debian.length),
      boot: 'bios',
      info: 'Debian',
    },
    unattended: 'preseed',
  });
  expect(asked).toEqual([['debian13', 'http://debian.org/debian/13']]);
});

test('its header is enough', async () => {
  const file = await put('a.iso', debian.subarray(0, 18 * 2048));
  expect(await identifier.identify(file)).toMatchObject({ guestOs: 'debian13', architecture: 'x86_64' });
});

test.each([
  ['a PDF', '%PDF-1.7 x', 'a PDF document'],
  ['nothing', '', 'an empty file'],
  ['a page', '<!doctype html><title>404</title>', 'a web page'],
  ['zeros', Buffer.alloc(40_000), 'zeros'],
])('%s named .iso', async (_, content, said) => {
  const found = await identifier.identify(await put('x.iso', content));
  expect(found).toMatchObject({ guestOs: 'generic', name: 'Unknown', kind: 'unknown', confidence: 'none' });
  expect(found.reasons.join()).toContain(said);
  expect(await identifier.known(found.file)).toBeNull();
});

test('an unknown label blocks nothing', async () => {
  const file = await put('x.iso', makeIso({ volume: 'HOLIDAYS' }));
  expect(await identifier.identify(file)).toMatchObject({
    guestOs: 'generic',
    confidence: 'none',
    reasons: ['Its label is "HOLIDAYS", which no rule knows.', 'It cannot be booted.'],
  });
});

test('it is remembered until the file changes', async () => {
  const file = await put('a.iso', debian);
  await identifier.identify(file);
  await identifier.identify(file);
  expect(asked).toHaveLength(1);
  const link = join(folder, 'link.iso');
  await symlink(file, link);
  expect((await identifier.identify(link)).file).toBe(link);
  expect(asked).toHaveLength(1);
  await writeFile(file, makeIso({ volume: 'Debian 12.1.0 amd64 n' }));
  await utimes(file, 1, 1);
  expect((await identifier.identify(file)).guestOs).toBe('debian12');
  await truncate(file, 100);
  expect((await identifier.identify(file)).guestOs).toBe('generic');
});

test('what cannot be read is said, and never waited for', async () => {
  await expect(identifier.identify('a.iso')).rejects.toMatchObject({ code: 'bad-request' });
  await expect(identifier.identify(join(folder, 'gone.iso'))).rejects.toMatchObject({ code: 'file-missing' });
  await expect(identifier.identify(folder)).rejects.toMatchObject({ code: 'file-unreadable' });
  const pipe = join(folder, 'pipe.iso');
  execFileSync('mkfifo', [pipe]);
  await expect(identifier.identify(pipe)).rejects.toMatchObject({ code: 'file-unreadable' });
  expect(await identifier.known(pipe)).toBeNull();
});
