// SPDX-License-Identifier: Apache-2.0
//
// Folders that somebody else made: what is not a backup is not listed or named damaged, and nothing leads outside.
import { mkdir, rename, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { qcow2Image } from '../../disk/testing.ts';
import { definitionText, sandbox, someId, type Sandbox } from '../testing.ts';
import { readBackups } from './backup-folder.ts';
import { isInside, recordText, type BackupRecord } from './backup-record.ts';
import { findBackups, machinesIn } from './find-backups.ts';
import { copyParts } from './machine-parts.ts';
import { prepareRestore } from './restore-backup.ts';

const first = 'backup-2026-01-01T00-00-00-000Z';
const second = 'backup-2026-01-02T00-00-00-000Z';
const disk = 'disks: [{ file: disks/a.qcow2, format: qcow2 }]\n';

function record(id: string, changes: Partial<Record<keyof BackupRecord, unknown>> = {}): string {
  const plain: Omit<BackupRecord, 'formatVersion' | 'about'> = {
    id,
    machine: { id: someId, name: 'tiny' },
    takenAt: '2026-01-01T00:00:00.000Z',
    kind: 'full',
    parent: null,
    automatic: null,
    guest: 'off',
    disks: [{ image: 'disk-0.qcow2', file: 'disks/a.qcow2', format: 'qcow2', size: 2 ** 20, parent: null }],
    files: [],
  };
  return recordText({ ...plain, ...changes } as typeof plain);
}

/** Puts a backup into a folder, as bad as one likes. */
async function put(
  place: Sandbox,
  id: string,
  parts: { record?: string; image?: Buffer; yaml?: string } = {},
): Promise<string> {
  const directory = join(place.root, 'b', someId, id);
  await mkdir(directory, { recursive: true });
  await writeFile(join(directory, 'backup.json'), parts.record ?? record(id));
  await writeFile(join(directory, 'disk-0.qcow2'), parts.image ?? qcow2Image());
  await writeFile(join(directory, 'machine.yaml'), parts.yaml ?? definitionText() + disk);
  return directory;
}

const folderOf = (place: Sandbox): string => join(place.root, 'b', someId);
const problems = async (place: Sandbox): Promise<(string | null)[]> =>
  (await readBackups(folderOf(place))).map(({ problem }) => problem);

describe('a folder of somebody else', () => {
  test('a whole backup has no problem', async () => {
    await using place = await sandbox();
    await put(place, first);
    expect(await problems(place)).toEqual([null]);
    expect(await machinesIn(join(place.root, 'b'))).toMatchObject([{ machineId: someId, name: 'tiny' }]);
  });

  test.each([
    ['leads to a file of this PC', { backing: '/etc/shadow', backingFormat: 'raw' }, /shadow/],
    ['leads up and out', { backing: '../../../precious', backingFormat: 'raw' }, /precious/],
    ['has its data elsewhere', { incompatible: 4, dataFile: '/etc/shadow' }, /shadow/],
    ['rests on something that is no backup', { backing: 'disk-1.qcow2', backingFormat: 'qcow2' }, /disk-1/],
    ['is cut off', { l2Offset: 2 ** 40 }, /cut off/],
  ])('an image that %s', async (_, parts, words) => {
    await using place = await sandbox();
    await writeFile(join(place.root, 'precious'), 'x'.repeat(512));
    const directory = await put(place, first, { image: qcow2Image(parts) });
    await writeFile(join(directory, 'disk-1.qcow2'), qcow2Image());
    expect(await problems(place)).toEqual([expect.stringMatching(words)]);
  });

  test('images that rest on each other in a ring', async () => {
    await using place = await sandbox();
    const over = (id: string) => qcow2Image({ backing: `../${id}/disk-0.qcow2`, backingFormat: 'qcow2' });
    await put(place, first, { image: over(second) });
    await put(place, second, { image: over(first) });
    expect(await problems(place)).toEqual([expect.stringMatching(/chain/), expect.stringMatching(/chain/)]);
  });

  test('what rests on a damaged one is damaged', async () => {
    await using place = await sandbox();
    await put(place, first, { record: '{' });
    await put(place, second, {
      image: qcow2Image({ backing: `../${first}/disk-0.qcow2`, backingFormat: 'qcow2' }),
    });
    expect(await problems(place)).toEqual([
      'backup.json is no JSON',
      expect.stringMatching(`rests on ${first}`),
    ]);
  });

  test.each<[string, Partial<Record<keyof BackupRecord, unknown>>]>([
    ['another id', { id: second }],
    ['a machine id that is a path', { machine: { id: '../../x', name: 'tiny' } }],
    ['a name with control characters', { machine: { id: someId, name: 'a\u001b[31m' } }],
    [
      'an image outside',
      { disks: [{ image: '../x.qcow2', file: 'a', format: 'qcow2', size: 1, parent: null }] },
    ],
    ['files outside', { files: ['../../.ssh'] }],
    ['no time', { takenAt: 'yesterday' }],
    [
      'an impossible size',
      { disks: [{ image: 'disk-0.qcow2', file: 'a', format: 'raw', size: -1, parent: null }] },
    ],
    [
      'another size than the image',
      { disks: [{ image: 'disk-0.qcow2', file: 'a', format: 'raw', size: 512, parent: null }] },
    ],
  ])('a record with %s', async (_, changes) => {
    await using place = await sandbox();
    await put(place, first, { record: record(first, changes) });
    expect(await problems(place)).toEqual([expect.any(String)]);
  });

  test('links are not followed', async () => {
    await using place = await sandbox();
    const outside = join(place.root, 'outside');
    const directory = await put(place, first);
    await rename(directory, outside);
    await symlink(outside, directory);
    expect(await problems(place)).toEqual([]);
    const linked = await put(place, second);
    await rename(join(linked, 'disk-0.qcow2'), join(place.root, 'secret'));
    await symlink(join(place.root, 'secret'), join(linked, 'disk-0.qcow2'));
    expect(await problems(place)).toEqual([expect.stringMatching(/regular/)]);
    await symlink('/etc', join(outside, 'firmware'));
    expect(await copyParts(['firmware'], [outside], join(place.root, 'new'))).toEqual([]);
  });
});

describe('a definition of somebody else', () => {
  const restoring = async (place: Sandbox, yaml: string, trusted: boolean) => {
    await put(place, first, { yaml: definitionText() + yaml });
    const [backup] = await readBackups(folderOf(place));
    if (backup === undefined) throw new Error('no backup');
    const neighbours = { listed: [], deleted: [] };
    return prepareRestore({ backup, id: someId, name: 'tiny', sameMachine: true, trusted, neighbours });
  };
  const foreign = `${disk}shares: [{ tag: home, path: /home/me }]
removable: [{ type: cdrom, file: /home/me/secret.iso }]
`;

  test('loses what it names of this PC, and says so', async () => {
    await using place = await sandbox();
    const { definition, notes } = await restoring(place, foreign, false);
    expect(definition.shares).toEqual([]);
    expect(definition.removable).toMatchObject([{ type: 'cdrom' }]);
    expect(definition.removable[0]?.file).toBe(undefined);
    expect(notes.length).toBe(2);
  });

  test('keeps it where this PC puts its own backups', async () => {
    await using place = await sandbox();
    const { definition, notes, text } = await restoring(place, foreign, true);
    expect(definition.shares.length).toBe(1);
    expect(notes).toEqual([]);
    expect(text).toContain('# a comment of its owner');
  });

  test('is refused when it boots a file of this PC', async () => {
    await using place = await sandbox();
    const yaml = (definitionText() + disk).replace('{ type: uefi }', '{ type: kernel, kernel: /etc/shadow }');
    await put(place, first, { yaml });
    const [backup] = await readBackups(folderOf(place));
    const request = { id: someId, name: 'tiny', sameMachine: true, neighbours: { listed: [], deleted: [] } };
    await expect(
      prepareRestore({ ...request, backup: backup as NonNullable<typeof backup>, trusted: false }),
    ).rejects.toMatchObject({ code: 'backup-damaged', message: expect.stringContaining('/etc/shadow') });
  });

  test('has all disks in its own folder', async () => {
    await using place = await sandbox();
    const { files, definition } = await restoring(
      place,
      'disks: [{ file: /srv/a.img, format: raw }]\n',
      true,
    );
    expect(files).toEqual(['disks/disk-0.raw']);
    expect(definition.disks[0]?.file).toBe('disks/disk-0.raw');
  });
});

test('where the backups of a machine are looked for', async () => {
  await using place = await sandbox();
  await put(place, first);
  const folder = join(place.root, 'b');
  const none = { listed: [], deleted: [] };
  expect(await findBackups('tiny', folder, none)).toMatchObject({ machineId: someId, known: false });
  expect(await findBackups(someId, folder, none)).toMatchObject({ name: 'tiny' });
  await expect(findBackups('other', folder, none)).rejects.toMatchObject({ code: 'machine-not-found' });
  await expect(findBackups('tiny', join(place.root, 'gone'), none)).rejects.toMatchObject({
    code: 'backup-folder-refused',
  });
});

test('plain paths inside', () => {
  expect(['a', 'a/b', 'ä b/c'].filter(isInside)).toHaveLength(3);
  expect(['', '/a', '../a', 'a/../../b', 'a//b', './a', 'a/', 'a\0b', 7, null].filter(isInside)).toEqual([]);
});
