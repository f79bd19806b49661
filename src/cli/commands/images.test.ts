// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { PhyllomeError } from '../../contract/errors.ts';
import type { Folder, Image } from '../../contract/image.ts';
import { fakeService, phyllome, someTask } from '../testing.ts';
import { folderLines } from './files.ts';
import { imageLines } from './images.ts';

const image: Image = {
  name: 'debian.iso',
  file: '/data/images/debian.iso',
  format: 'iso',
  system: 'Debian 13',
  bytes: 700 * 2 ** 20,
  modifiedAt: '2026-11-23T07:00:00.000Z',
  usedBy: ['tiny', '\u001b[2Jold (in the bin)'],
};

test('the library', async () => {
  await using service = await fakeService({ 'GET /images': () => [image] });
  const { stdout, stderr } = await phyllome(service, ['images']);
  expect(stdout).toBe(
    [
      'NAME        FORMAT  SYSTEM        SIZE  SINCE                USED BY',
      String.raw`debian.iso  iso     Debian 13  700 MiB  2026-11-23 07:00:00  tiny, \x1b[2Jold (in the bin)`,
      '',
    ].join('\n'),
  );
  expect(stderr).toBe('');
  expect(JSON.parse((await phyllome(service, ['images', '--json'])).stdout)).toEqual([image]);
  expect(imageLines([])[0]).toMatch(/^The library is empty/);
});

test('removing an image', async () => {
  await using service = await fakeService({
    'DELETE /images/a%20b.iso': () => ({}),
    'DELETE /images/debian.iso': () => {
      throw new PhyllomeError('image-in-use', { name: 'debian.iso', machines: ['tiny', 'web'] });
    },
  });
  expect(await phyllome(service, ['images', '--delete', 'a b.iso'])).toMatchObject({
    code: 0,
    stdout: 'a b.iso was removed from the library.\n',
  });
  const refused = await phyllome(service, ['images', '--delete', 'debian.iso']);
  expect([refused.code, refused.stderr.split('\n')[0]]).toEqual([
    1,
    'phyllome: The image debian.iso is used by tiny, web.',
  ]);
});

test('a download', async () => {
  const begun = someTask({ what: 'Download debian.iso' });
  const done = { ...begun, state: 'done' as const, fraction: 1, image: 'debian.iso' };
  await using service = await fakeService({
    'POST /images/download': () => {
      queueMicrotask(() => service.emit({ type: 'task.changed', task: done }));
      return begun;
    },
    'GET /images': () => [image],
  });
  const sha256 = 'a'.repeat(64);
  const url = 'https://example.org/debian.iso';
  const ended = await phyllome(service, ['download', url, '--sha256', sha256]);
  expect(ended).toEqual({
    code: 0,
    stdout: 'debian.iso (iso, 700 MiB) is in the library: /data/images/debian.iso\n',
    stderr: '',
  });
  expect((await service.asked('POST /images/download')).body).toEqual({ url, sha256 });
  const wrong = await phyllome(service, ['download', url, '--sha256', 'abc']);
  expect([wrong.code, wrong.stderr.split('\n')[0]]).toEqual([
    2,
    'phyllome: --sha256 takes 64 digits (0-9, a-f), not "abc".',
  ]);
});

test('a folder', async () => {
  const folder: Folder = {
    path: '/home/me',
    parent: null,
    places: [{ kind: 'home', name: 'Home', path: '/home/me' }],
    entries: [
      {
        name: 'Down\nloads',
        path: '/home/me/Down\nloads',
        kind: 'folder',
        format: null,
        bytes: null,
        modifiedAt: '2026-11-23T07:00:00.000Z',
      },
      {
        name: 'a.iso',
        path: '/home/me/a.iso',
        kind: 'image',
        format: 'iso',
        bytes: 2 ** 20,
        modifiedAt: '2026-11-23T07:00:00.000Z',
      },
    ],
    truncated: true,
  };
  await using service = await fakeService({ 'GET /files': () => folder });
  const path = encodeURIComponent(`${service.root}/x`);
  const { stdout, stderr } = await phyllome(service, ['files']);
  expect(stdout).toBe(
    [
      'NAME          FORMAT   SIZE  CHANGED',
      String.raw`Down\nloads/  -           -  2026-11-23 07:00:00`,
      'a.iso         iso     1 MiB  2026-11-23 07:00:00',
      'There are more entries than these.',
      '',
    ].join('\n'),
  );
  expect(stderr).toBe('');
  // Relative to where the command runs, not to where the service does.
  await phyllome(service, ['files', 'x']);
  expect(service.requests.at(-1)?.line).toBe(`GET /files?path=${path}`);
  expect(folderLines({ ...folder, entries: [] })).toEqual(['There is no folder and no image in /home/me']);
});
