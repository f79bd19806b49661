// SPDX-License-Identifier: Apache-2.0
//
// What goes to the bin, and what comes back of its space.
import { link, mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { qcow2Image } from '../../disk/testing.ts';
import { openBin } from '../bin.ts';
import { openStore } from '../store.ts';
import { definitionText, putMachine, sandbox, someId, type Sandbox } from '../testing.ts';
import { measureFolder, staysOf } from './deletion.ts';

const idOf = (number: number): string => `${number}${someId.slice(1)}`;

/** A machine with a disk of 256 KiB that takes its space. */
async function putBig(place: Sandbox, number: number, keys = ''): Promise<string> {
  const text = definitionText({ id: idOf(number), name: `m${number}` }) + keys;
  const directory = await putMachine(place.paths, text, idOf(number));
  await mkdir(join(directory, 'disks'));
  await writeFile(join(directory, 'disks/own.raw'), Buffer.alloc(2 ** 18, 1));
  return directory;
}

test('every file is named with its space, and what others share frees nothing', async () => {
  await using place = await sandbox();
  const [one, other] = [await putBig(place, 1), await putBig(place, 2)];
  await writeFile(join(one, 'disks/layer.raw'), Buffer.alloc(2 ** 20, 1));
  await link(join(one, 'disks/layer.raw'), join(other, 'disks/layer.raw'));
  await symlink('/etc', join(one, 'link'));
  const { bytes, frees, files } = await measureFolder(one);
  expect(files.map(({ file }) => file)).toEqual(['disks/layer.raw', 'disks/own.raw', 'machine.yaml', 'link']);
  expect(files[0]).toEqual({ file: 'disks/layer.raw', bytes: 2 ** 20, frees: 0 });
  expect(files[1]).toEqual({ file: 'disks/own.raw', bytes: 2 ** 18, frees: 2 ** 18 });
  expect(bytes - frees).toBe(2 ** 20);
  await rm(other, { recursive: true });
  expect((await measureFolder(one)).frees).toBe(bytes);
});

test('what is not in the folder stays, and is said', async () => {
  await using place = await sandbox();
  const keys = `disks: [{ file: /srv/big.raw, format: raw }, { file: disks/own.raw, format: raw }]
removable: [{ type: cdrom, file: /isos/a.iso }, { type: cdrom }]
shares: [{ tag: home, path: /home/me }]
`;
  await putBig(place, 1, keys);
  const store = await openStore(place.paths);
  const stays = [
    { file: '/srv/big.raw', what: 'disk' },
    { file: '/isos/a.iso', what: 'medium' },
    { file: '/home/me', what: 'shared folder' },
  ];
  expect(staysOf(store.find('m1'))).toEqual(stays);
  const deleted = await openBin(place.paths, store).put(store.find('m1'));
  expect(deleted).toMatchObject({ name: 'm1', stays, eraseAt: null });
  expect(deleted.files.map(({ file }) => file)).toContain('disks/own.raw');
});

test('emptying frees what the machines share with each other, and says what it kept', async () => {
  await using place = await sandbox();
  const folders = [await putBig(place, 1), await putBig(place, 2), await putBig(place, 3)];
  await writeFile(join(folders[0]!, 'disks/layer.raw'), Buffer.alloc(2 ** 20, 1));
  await link(join(folders[0]!, 'disks/layer.raw'), join(folders[1]!, 'disks/layer.raw'));
  // The third one rests on the first by a name that somebody wrote by hand, and a fourth on the third.
  const disk = 'disks: [{ file: disks/top.qcow2, format: qcow2 }]\n';
  const rest = (file: string) => qcow2Image({ backing: file, backingFormat: 'raw' });
  const store = await openStore(place.paths);
  for (const [number, base] of [
    [3, `${folders[0]}/disks/own.raw`],
    [4, `${folders[2]}/disks/own.raw`],
  ] as const) {
    const directory = number === 3 ? folders[2]! : await putBig(place, 4);
    await writeFile(join(directory, 'disks/top.qcow2'), rest(base));
    await writeFile(
      join(directory, 'machine.yaml'),
      definitionText({ id: idOf(number), name: `m${number}` }) + disk,
    );
  }
  const bin = openBin(place.paths, store);
  for (const name of ['m1', 'm2', 'm3']) await bin.put(store.find(name));
  const { bytes, frees, count } = await bin.measure();
  expect([count, frees]).toEqual([3, bytes]);
  const gone: string[] = [];
  const kept = await bin.empty(undefined, ({ name }) => void gone.push(name));
  // m4 is no deleted machine: m3 stays for it, and m1 for m3.
  expect(gone).toEqual(['m2']);
  expect(kept.kept.map(({ name, code }) => [name, code])).toEqual([
    ['m3', 'machine-needed'],
    ['m1', 'machine-needed'],
  ]);
  await expect(bin.empty(['m1', 'nobody'], () => {})).rejects.toMatchObject({ code: 'bin-entry-not-found' });
  await bin.put(store.find('m4'));
  const before = await bin.measure();
  const emptied = await bin.empty(undefined, ({ name }) => void gone.push(name));
  expect(emptied.kept).toEqual([]);
  expect(gone.toSorted()).toEqual(['m1', 'm2', 'm3', 'm4']);
  expect(emptied.frees).toBe(before.frees);
  expect(await bin.list()).toEqual([]);
});
