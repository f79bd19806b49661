// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, realpath, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { diskBytes, isoBytes, qcow2Image } from '../disk/testing.ts';
import { listFolder } from './folder.ts';
import type { Place } from './places.ts';

let root: string;
let home: string;
let places: Place[];
beforeEach(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'ph-folder-')));
  home = join(root, 'me');
  await mkdir(join(home, 'sub/deep'), { recursive: true });
  await mkdir(join(root, 'you'));
  await mkdir(join(root, 'stick'));
  places = [
    { kind: 'home', name: 'Home', path: home },
    { kind: 'drive', name: 'stick', path: join(root, 'stick') },
  ];
});
afterEach(() => rm(root, { recursive: true }));

const put = (name: string, content: Buffer | string = isoBytes()) => writeFile(join(root, name), content);
const names = async (path?: string) => (await listFolder(places, path)).entries.map(({ name }) => name);

describe('a folder shows', () => {
  test('folders and what can be media or disks, and nothing else', async () => {
    await put('me/disk 10.iso');
    await put('me/disk 2.ISO');
    await put('me/b.qcow2', qcow2Image());
    await put('me/page.iso', '<!doctype html>');
    await put('me/raw.img', diskBytes());
    for (const name of ['.hidden.iso', 'secret.txt', 'iso', 'x.iso.part', 'id_rsa']) await put(`me/${name}`);
    await mkdir(join(home, '.config'));
    await truncate(join(home, 'raw.img'), 2 ** 33);
    const folder = await listFolder(places, undefined);
    expect(folder).toMatchObject({ path: home, parent: null, places, truncated: false });
    expect(folder.entries.map(({ name, kind, format, bytes }) => [name, kind, format, bytes])).toEqual([
      ['sub', 'folder', null, null],
      ['b.qcow2', 'image', 'qcow2', 384 * 2 ** 10],
      ['disk 2.ISO', 'image', 'iso', 40 * 2 ** 10],
      ['disk 10.iso', 'image', 'iso', 40 * 2 ** 10],
      ['page.iso', 'image', 'unknown', 15],
      ['raw.img', 'image', 'raw', 2 ** 33],
    ]);
    expect(folder.entries[2]?.path).toBe(join(home, 'disk 2.ISO'));
    expect((await listFolder(places, join(home, 'sub/deep'))).parent).toBe(join(home, 'sub'));
  });

  test('no pipes, sockets or devices, and does not wait for them', async () => {
    execFileSync('mkfifo', [join(home, 'pipe.iso')]);
    await symlink('pipe.iso', join(home, 'link.iso'));
    await symlink('/dev/zero', join(home, 'zero.img'));
    expect(await names()).toEqual(['sub']);
    // And where one calls /dev a place:
    const dev: Place[] = [{ kind: 'folder', name: 'dev', path: '/dev' }];
    await symlink('/dev/zero', join(home, 'again.img'));
    expect((await listFolder([...places, ...dev], home)).entries.map(({ name }) => name)).toEqual(['sub']);
  });

  test('names of all kinds, and not those that are no text', async () => {
    const strange = ['a\nb.iso', '\u001b[31m.iso', 'ä, "b".iso', '日本.iso', '-rf.iso', ' .iso'];
    for (const name of strange) await put(`me/${name}`);
    await writeFile(
      Buffer.concat([Buffer.from(`${home}/bad-`), Buffer.from([0xff]), Buffer.from('.iso')]),
      '',
    );
    await mkdir(Buffer.concat([Buffer.from(`${home}/folder-`), Buffer.from([0xff])]));
    expect(new Set(await names())).toEqual(new Set(['sub', ...strange]));
  });

  test('at most so many entries, and says so', async () => {
    for (let index = 0; index < 12; index += 1) await put(`me/${index}.iso`, '');
    const { entries, truncated } = await listFolder(places, home, { shown: 5 });
    expect([entries.map(({ name }) => name), truncated]).toEqual([
      ['sub', '0.iso', '1.iso', '2.iso', '3.iso'],
      true,
    ]);
    expect((await listFolder(places, home, { shown: 13 })).truncated).toBe(false);
    const cut = await listFolder(places, home, { read: 4 });
    expect([cut.entries.length, cut.truncated]).toEqual([4, true]);
  });

  test('an image that may not be read, as one of unknown format', async () => {
    await put('me/a.iso');
    await chmod(join(home, 'a.iso'), 0);
    const [, entry] = (await listFolder(places, home)).entries;
    expect(entry).toMatchObject({ name: 'a.iso', format: process.getuid?.() === 0 ? 'iso' : 'unknown' });
  });
});

describe('links', () => {
  test('that stay in a place are followed, and show where they lead', async () => {
    await put('stick/a.iso');
    await symlink(join(root, 'stick/a.iso'), join(home, 'mine.iso'));
    await symlink('../stick', join(home, 'drive'));
    const { entries } = await listFolder(places, home);
    expect(entries.map(({ name, path, kind }) => [name, path, kind])).toEqual([
      ['drive', join(root, 'stick'), 'folder'],
      ['sub', join(home, 'sub'), 'folder'],
      ['mine.iso', join(root, 'stick/a.iso'), 'image'],
    ]);
    expect((await listFolder(places, join(home, 'drive'))).path).toBe(join(root, 'stick'));
  });

  test('that lead out, nowhere or in a circle are not shown', async () => {
    await put('you/a.iso');
    await symlink(join(root, 'you/a.iso'), join(home, 'a.iso'));
    await symlink(join(root, 'you'), join(home, 'you'));
    await symlink('/', join(home, 'all'));
    await symlink('nowhere', join(home, 'dead.iso'));
    await symlink('circle.iso', join(home, 'circle.iso'));
    expect(await names()).toEqual(['sub']);
  });
});

describe('is refused', () => {
  test('what lies outside, however it is written', async () => {
    await symlink(join(root, 'you'), join(home, 'escape'));
    const ways = [
      '/',
      '/etc',
      `${home}/..`,
      `${home}/../you`,
      `${home}/escape`,
      `${home}x`,
      root,
      '/nowhere/at/all',
    ];
    for (const path of ways) {
      await expect(listFolder(places, path)).rejects.toMatchObject({
        code: 'folder-outside',
        facts: { path, places: [home, join(root, 'stick')] },
      });
    }
    await expect(listFolder([], undefined)).rejects.toMatchObject({ code: 'folder-outside' });
  });

  test.each([['relative'], ['./x'], ['/a\0b'], ['']])('the path %j', async (path) => {
    await expect(listFolder(places, path)).rejects.toMatchObject({ code: 'bad-request' });
  });

  test.each([
    ['absent', 'it does not exist'],
    ['a.iso', 'it is not a folder'],
    ['a.iso/b', 'it is not a folder'],
    ['circle', 'its links lead in a circle'],
    ['pipe', 'it is not a folder'],
  ])('%s', async (name, reason) => {
    await put('me/a.iso');
    await symlink('circle', join(home, 'circle'));
    execFileSync('mkfifo', [join(home, 'pipe')]);
    const path = join(home, name);
    const facts = { what: 'folder', file: path, reason };
    await expect(listFolder(places, path)).rejects.toMatchObject({ code: 'file-unreadable', facts });
  });

  test.skipIf(process.getuid?.() === 0)('a folder that may not be read', async () => {
    await chmod(join(home, 'sub'), 0);
    const facts = { reason: 'you may not read it' };
    await expect(listFolder(places, join(home, 'sub'))).rejects.toMatchObject({
      code: 'file-unreadable',
      facts,
    });
    await chmod(join(home, 'sub'), 0o700);
  });
});

test('a folder that is emptied while it is read', async () => {
  for (let index = 0; index < 300; index += 1) await put(`me/sub/${index}.iso`, '');
  const [folder] = await Promise.all([
    listFolder(places, join(home, 'sub')),
    rm(join(home, 'sub'), { recursive: true }),
  ]).catch((error: unknown) => [error]);
  // Whichever came first: what was there, or that it is not there.
  expect(folder).toSatisfy(
    (it: { entries?: unknown[]; code?: string }) =>
      Array.isArray(it.entries) || it.code === 'file-unreadable',
  );
});
