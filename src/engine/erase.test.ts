// SPDX-License-Identifier: Apache-2.0
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { qcow2Image } from '../disk/testing.ts';
import { openBin } from './bin.ts';
import { finishErasing } from './erase.ts';
import { openStore } from './store.ts';
import { definitionText, putMachine, sandbox, someId, type Sandbox } from './testing.ts';

const otherId = '7f1c2b3a-1111-4111-8111-111111111111';

/** A machine in the bin, and another one with these keys. */
async function binned(place: Sandbox, otherKeys?: (former: string) => string) {
  const former = await putMachine(place.paths);
  await mkdir(join(former, 'disks'));
  await writeFile(join(former, 'disks/base.qcow2'), qcow2Image());
  if (otherKeys !== undefined) {
    const text = definitionText({ id: otherId, name: 'other' }) + otherKeys(former);
    await mkdir(join(await putMachine(place.paths, text, otherId), 'disks'));
  }
  const store = await openStore(place.paths);
  const bin = openBin(place.paths, store);
  const { directory } = await bin.put(store.find('tiny'));
  return { store, bin, former, directory };
}

test('a deleted machine is gone with its logs, and what it links to is not', async () => {
  await using place = await sandbox();
  const precious = join(place.root, 'precious');
  await mkdir(precious);
  await writeFile(join(precious, 'photo'), 'x');
  const { bin, directory } = await binned(place);
  await symlink(precious, join(directory, 'disks/link'));
  await symlink(join(precious, 'photo'), join(directory, 'photo'));
  await mkdir(join(place.paths.logs, someId));
  // What lies behind a link takes no space of the machine.
  expect((await bin.list())[0]?.bytes).toBeLessThan(2 ** 20);
  expect(await bin.erase('tiny')).toMatchObject({ id: someId, name: 'tiny' });
  expect(await readdir(place.paths.bin)).toEqual([]);
  expect(existsSync(join(place.paths.logs, someId))).toBe(false);
  expect(await readFile(join(precious, 'photo'), 'utf8')).toBe('x');
  await expect(bin.erase('tiny')).rejects.toMatchObject({ code: 'bin-entry-not-found' });
});

test('two who erase at once do not disturb each other', async () => {
  await using place = await sandbox();
  const { bin } = await binned(place);
  const results = await Promise.allSettled([bin.erase('tiny'), bin.erase('tiny')]);
  expect(results.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  expect(results.find(({ status }) => status === 'rejected')).toMatchObject({
    reason: { code: 'bin-entry-not-found' },
  });
  expect(await readdir(place.paths.bin)).toEqual([]);
});

test('a machine that is not in the bin cannot be erased', async () => {
  await using place = await sandbox();
  await putMachine(place.paths);
  const bin = openBin(place.paths, await openStore(place.paths));
  await expect(bin.erase('tiny')).rejects.toMatchObject({ code: 'bin-entry-not-found' });
  expect(existsSync(join(place.paths.machines, someId))).toBe(true);
});

describe('nothing that another machine needs is erased', () => {
  const disk = (file: string) => `disks: [{ file: ${JSON.stringify(file)}, format: qcow2 }]\n`;

  test('a disk, under the path from before it was deleted', async () => {
    await using place = await sandbox();
    const { bin } = await binned(place, (former) => disk(join(former, 'disks/base.qcow2')));
    await expect(bin.erase('tiny')).rejects.toMatchObject({
      code: 'machine-needed',
      facts: { users: ['other'] },
    });
    expect(await bin.list()).toHaveLength(1);
  });

  test('a disk, where it is now, through a link', async () => {
    await using place = await sandbox();
    const { bin, directory } = await binned(place, () => disk(join(place.root, 'link/base.qcow2')));
    await symlink(join(directory, 'disks'), join(place.root, 'link'));
    await expect(bin.erase('tiny')).rejects.toMatchObject({ code: 'machine-needed' });
  });

  test('a disk on which a disk of its own rests', async () => {
    await using place = await sandbox();
    const { bin, former } = await binned(place, () => disk('disks/a.qcow2'));
    const overlay = qcow2Image({ backing: join(former, 'disks/base.qcow2'), backingFormat: 'qcow2' });
    await writeFile(join(place.paths.machines, otherId, 'disks/a.qcow2'), overlay);
    await expect(bin.erase('tiny')).rejects.toMatchObject({ code: 'machine-needed' });
  });

  test('a medium; a path in a comment is no need', async () => {
    await using place = await sandbox();
    const { bin } = await binned(
      place,
      (former) => `removable: [{ type: cdrom, file: ${JSON.stringify(join(former, 'x.iso'))} }]\n`,
    );
    await expect(bin.erase('tiny')).rejects.toMatchObject({ code: 'machine-needed' });
    await using another = await sandbox();
    await (await binned(another, (former) => `# ${former}\n`)).bin.erase('tiny');
  });

  test('also when the other one is in the bin itself', async () => {
    await using place = await sandbox();
    const { bin, store } = await binned(place, (former) => disk(join(former, 'disks/base.qcow2')));
    await bin.put(store.find('other'));
    await expect(bin.erase('tiny')).rejects.toMatchObject({ facts: { users: ['other (in the bin)'] } });
    await bin.erase('other');
    await bin.erase('tiny');
    expect(await bin.list()).toEqual([]);
  });

  test('but paths to a machine that is there again are not about the deleted one', async () => {
    await using place = await sandbox();
    const { bin } = await binned(place, (former) => disk(join(former, 'disks/base.qcow2')));
    await putMachine(place.paths, definitionText({ name: 'again' }));
    await mkdir(join(place.paths.logs, someId));
    await bin.erase('tiny');
    // The logs are of the machine that remains.
    expect(existsSync(join(place.paths.logs, someId))).toBe(true);
  });
});

test('what a killed service had begun to erase is not listed, and cleared away', async () => {
  await using place = await sandbox();
  const { bin, directory } = await binned(place);
  const leaving = join(place.paths.bin, `.erasing-${directory.split('/').at(-1)}`);
  await mkdir(leaving);
  await writeFile(join(leaving, 'machine.yaml'), definitionText());
  expect(await bin.list()).toHaveLength(1);
  await finishErasing(place.paths);
  expect(await readdir(place.paths.bin)).toEqual([directory.split('/').at(-1)]);
});
