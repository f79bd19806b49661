// SPDX-License-Identifier: Apache-2.0
import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { mountPoints } from '../host/mount-points.ts';
import { findPlaces, parentOf, placeOf, type Place } from './places.ts';

let root: string;
let home: string;
let library: string;
beforeEach(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'ph-places-')));
  home = join(root, 'home/me');
  library = join(home, '.local/share/phyllome/images');
  await mkdir(library, { recursive: true });
  await mkdir(join(home, 'Downloads'));
});
afterEach(() => rm(root, { recursive: true }));

const find = (changes = {}) =>
  findPlaces({
    home,
    user: 'me',
    config: join(home, '.config'),
    library,
    root: join(root, 'pc'),
    ...changes,
  });
const shown = async (changes = {}) => (await find(changes)).map(({ kind, path }) => `${kind} ${path}`);

async function userDirs(text: string): Promise<void> {
  await mkdir(join(home, '.config'), { recursive: true });
  await writeFile(join(home, '.config/user-dirs.dirs'), text);
}

test('home, downloads and the library', async () => {
  expect(await shown()).toEqual([`home ${home}`, `downloads ${home}/Downloads`, `library ${library}`]);
});

test('the folder for downloads that the desktop was told', async () => {
  await mkdir(join(home, 'Téléchargements "x"'));
  await userDirs(
    '# a comment\nXDG_DESKTOP_DIR="$HOME/Bureau"\nXDG_DOWNLOAD_DIR="$HOME/Téléchargements \\"x\\""\n',
  );
  expect(await shown()).toContain(`downloads ${home}/Téléchargements "x"`);
  await mkdir(join(root, 'elsewhere'));
  await userDirs(`XDG_DOWNLOAD_DIR="${root}/elsewhere"\n`);
  expect(await shown()).toContain(`downloads ${root}/elsewhere`);
});

test.each(['XDG_DOWNLOAD_DIR="$HOME/"', 'XDG_DOWNLOAD_DIR="relative"', 'XDG_DOWNLOAD_DIR=', '\0\xff'])(
  'nonsense for it (%j) is the usual one',
  async (text) => {
    await userDirs(text);
    expect(await shown()).toContain(`downloads ${home}/Downloads`);
  },
);

test('what is not there is left out, and "/" is no home', async () => {
  await rm(join(home, 'Downloads'), { recursive: true });
  expect(await shown()).toEqual([`home ${home}`, `library ${library}`]);
  expect(await shown({ home: '/' })).toEqual([`library ${library}`]);
});

test('the same folder is one place', async () => {
  await rm(join(home, 'Downloads'), { recursive: true });
  await symlink(home, join(home, 'Downloads'));
  expect(await shown()).toEqual([`home ${home}`, `library ${library}`]);
});

test('mount points are read as the kernel writes them', async () => {
  await mkdir(join(root, 'pc/proc/self'), { recursive: true });
  await writeFile(
    join(root, 'pc/proc/self/mountinfo'),
    [
      '22 1 254:1 / / rw,relatime shared:1 - ext4 /dev/vda1 rw',
      String.raw`90 22 8:17 / /media/me/My\040stick\134 rw,nosuid - vfat /dev/sdb1 rw`,
      '91 22 0:50 / /mnt rw - tmpfs tmpfs rw',
      '91 22 0:50 / /mnt rw - tmpfs tmpfs rw',
      'short',
      '',
    ].join('\n'),
  );
  expect(await mountPoints(join(root, 'pc'))).toEqual(['/', '/media/me/My stick\\', '/mnt']);
  expect(await mountPoints(join(root, 'nowhere'))).toEqual([]);
});

test('of the mounts of this PC only drives are places', async () => {
  // /mnt is there on every Linux, whatever is or is not mounted on it; the others do not exist here.
  await mkdir(join(root, 'pc/proc/self'), { recursive: true });
  const lines = ['/', '/proc', '/home', '/mnt', '/mnt/a/b', '/media/you/stick'].map(
    (path) => `1 1 0:1 / ${path} rw`,
  );
  await writeFile(join(root, 'pc/proc/self/mountinfo'), lines.join('\n'));
  const drives = (await find()).filter(({ kind }) => kind === 'drive');
  expect(drives).toEqual([{ kind: 'drive', name: 'mnt', path: await realpath('/mnt') }]);
});

const place = (kind: Place['kind'], path: string): Place => ({ kind, name: kind, path });

test('which place a folder lies in, and what is above it', () => {
  const places = [place('home', '/h/me'), place('downloads', '/h/me/d'), place('library', '/h/me/.l/i')];
  expect(placeOf('/h/me/x', places)?.kind).toBe('home');
  expect(placeOf('/h/me/d/x', places)?.kind).toBe('downloads');
  expect(placeOf('/h/meme', places)).toBeUndefined();
  expect(placeOf('/h', places)).toBeUndefined();
  expect(parentOf('/h/me', places)).toBeNull();
  expect(parentOf('/h/me/d', places)).toBe('/h/me');
  expect(parentOf('/h/me/x/y', places)).toBe('/h/me/x');
  expect(parentOf('/h/me/.l/i', places)).toBeNull();
  expect(parentOf('/h/me/.l/i/x', places)).toBe('/h/me/.l/i');
});
