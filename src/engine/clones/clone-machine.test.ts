// SPDX-License-Identifier: Apache-2.0
//
// Clones of real images by the real qemu-img. A guest is played by qemu-io.
import { existsSync, readFileSync, statSync } from 'node:fs';
import { cp, mkdir, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { preflight } from '../preflight.ts';
import { takeStopped } from '../snapshots/take.ts';
import { sandbox } from '../testing.ts';
import { cloneBench, putDiskMachine, seenBy, writeAs } from './testing.ts';

const both = [
  { file: 'disks/system.qcow2', format: 'qcow2' },
  { file: 'disks/data.raw', format: 'raw' },
] as const;

test('a linked clone shows the same, and from then on nobody changes what the other one sees', async () => {
  await using place = await sandbox();
  await putDiskMachine(place, both);
  const { store, clone } = await cloneBench(place);
  const before = await seenBy(store.find('tiny'));
  const copy = await clone('tiny', 'other');
  expect(await seenBy(copy)).toEqual(before);
  expect(await seenBy(store.find('tiny'))).toEqual(before);
  writeAs(store.find('tiny'), 0, 9);
  writeAs(store.find('tiny'), 1, 9);
  expect(await seenBy(copy)).toEqual(before);
  const after = await seenBy(store.find('tiny'));
  expect(after).not.toEqual(before);
  writeAs(copy, 0, 11, 2);
  writeAs(copy, 1, 11, 2);
  expect(await seenBy(store.find('tiny'))).toEqual(after);
  expect(await seenBy(copy)).not.toEqual(before);
});

test('what both have in common takes its space once, and its name says that nobody writes to it', async () => {
  await using place = await sandbox();
  const directory = await putDiskMachine(place);
  const { store, clone } = await cloneBench(place);
  const copy = await clone('tiny', 'other');
  const shared = (await readdir(join(copy.directory, 'disks'))).filter(
    (name) => statSync(join(copy.directory, 'disks', name)).nlink > 1,
  );
  // On a file system that shares blocks, no file is shared.
  if (shared.length === 0) return;
  expect(shared).toEqual(['system.qcow2']);
  const [one, other] = [directory, copy.directory].map((folder) =>
    statSync(join(folder, 'disks/system.qcow2')),
  );
  expect(one?.ino).toBe(other?.ino);
  expect((one?.mode ?? 0) & 0o777).toBe(0o400);
  expect(store.find('tiny').definition?.disks[0]?.file).toBe('disks/system-2.qcow2');
  expect(copy.definition?.disks[0]?.file).toBe('disks/system-2.qcow2');
});

test('a clone outlives the machine it comes from, and the other way round', async () => {
  await using place = await sandbox();
  await putDiskMachine(place, both);
  const { store, bin, clone } = await cloneBench(place);
  const copy = await clone('tiny', 'other');
  const second = await clone('other', 'third');
  const before = await seenBy(copy);
  await bin.put(store.find('tiny'));
  await bin.erase('tiny');
  expect(await seenBy(store.find('other'))).toEqual(before);
  await bin.put(store.find('other'));
  await bin.erase('other');
  expect(await seenBy(second)).toEqual(before);
  await preflight(second.definition!, second.directory);
});

test('the folder of a clone is complete: copied elsewhere, it is the machine', async () => {
  await using place = await sandbox();
  await putDiskMachine(place, both);
  const { clone } = await cloneBench(place);
  const copy = await clone('tiny', 'other');
  const before = await seenBy(copy);
  const elsewhere = join(place.root, 'usb-stick');
  await cp(copy.directory, elsewhere, { recursive: true });
  await rm(place.paths.machines, { recursive: true });
  expect(await seenBy({ ...copy, directory: elsewhere })).toEqual(before);
});

test('many clones of a machine that nobody writes to rest on the same layers: no chain grows', async () => {
  await using place = await sandbox();
  const directory = await putDiskMachine(place);
  const { clone, store } = await cloneBench(place);
  for (let number = 1; number <= 4; number += 1) await clone('tiny', `copy ${number}`);
  const names = (await readdir(join(directory, 'disks'))).toSorted();
  expect(names.length).toBeLessThanOrEqual(2);
  writeAs(store.find('tiny'), 0, 7, 3);
  const now = await seenBy(store.find('tiny'));
  expect(await seenBy(await clone('tiny', 'copy 5'))).toEqual(now);
  expect(await seenBy(store.find('copy 1'))).not.toEqual(now);
});

test('it is another machine: what names it is its own, and what its owner wrote stays', async () => {
  await using place = await sandbox();
  const keys = `nics:
  - type: user
    mac: 52:54:00:00:00:01 # reserved in the router
    forwards: [{ hostPort: 2222, guestPort: 22 }]
  - type: user
vsock: { cid: 3 }
autostart: { order: 1 }
`;
  await putDiskMachine(place, [{ ...both[0], keys: '    serial: SYSTEM\n' }], keys);
  const { begin, finished, store } = await cloneBench(place);
  const { task, id, notes, guest } = await begin('tiny', { name: 'other' });
  expect((await finished(task)).error).toBeNull();
  const { definition, directory } = store.find('other');
  expect(definition).toMatchObject({ id, name: 'other', vsock: { cid: 4 } });
  expect(definition?.autostart).toBeUndefined();
  expect(definition?.nics[0]?.mac).toMatch(/^52:54:00:/);
  expect(definition?.nics[0]?.mac).not.toBe('52:54:00:00:00:01');
  expect(definition?.nics[1]?.mac).toBeUndefined();
  expect(definition?.disks[0]?.serial).toMatch(/^SYSTEM-[0-9a-f]{6}$/);
  const text = readFileSync(join(directory, 'machine.yaml'), 'utf8');
  for (const comment of ['a comment of its owner', 'reserved in the router', 'where the system is'])
    expect(text).toContain(`# ${comment}`);
  expect(notes.join('\n')).toMatch(/2222.*forwarded to tiny, too/);
  expect(notes.join('\n')).toContain("phyllome set other 'nics[0].forwards[0].hostPort=2223'");
  expect(guest.commands.join('\n')).toContain('systemd-machine-id-setup');
});

test('UEFI variables and the TPM come along, unless a new one is wanted', async () => {
  await using place = await sandbox();
  const directory = await putDiskMachine(place, both, 'tpm: emulated\n');
  for (const [name, content] of [
    ['firmware/vars.qcow2', 'boot order'],
    ['tpm/tpm2-00.permall', 'keys'],
  ] as const) {
    await mkdir(join(directory, name, '..'), { recursive: true });
    await writeFile(join(directory, name), content);
  }
  const { begin, clone, finished, store } = await cloneBench(place);
  const copy = await clone('tiny', 'other');
  expect(await readFile(join(copy.directory, 'firmware/vars.qcow2'), 'utf8')).toBe('boot order');
  expect(await readFile(join(copy.directory, 'tpm/tpm2-00.permall'), 'utf8')).toBe('keys');
  await writeFile(join(copy.directory, 'firmware/vars.qcow2'), 'another order');
  expect(await readFile(join(directory, 'firmware/vars.qcow2'), 'utf8')).toBe('boot order');
  const fresh = await begin('tiny', { name: 'fresh', newTpm: true });
  await finished(fresh.task);
  expect(existsSync(join(store.find('fresh').directory, 'tpm'))).toBe(false);
  expect(fresh.notes.join()).toContain('recovery key');
});

test('a full clone has disks of its own, in the same formats', async () => {
  await using place = await sandbox();
  const directory = await putDiskMachine(place, both);
  const { clone, store } = await cloneBench(place);
  // One with a chain: what it rests on is in the copy.
  await clone('tiny', 'linked');
  const before = await seenBy(store.find('linked'));
  const copy = await clone('linked', 'full', { full: true });
  expect(await seenBy(copy)).toEqual(before);
  for (const name of await readdir(join(copy.directory, 'disks')))
    expect(statSync(join(copy.directory, 'disks', name)).nlink).toBe(1);
  expect((await readdir(join(copy.directory, 'disks'))).length).toBe(2);
  expect(existsSync(directory)).toBe(true);
});

test('an aborted full clone leaves nothing', async () => {
  await using place = await sandbox();
  await putDiskMachine(place);
  const { begin, clone, tasks, store } = await cloneBench(place);
  const { task } = await begin('tiny', { name: 'other', full: true });
  expect((await tasks.abort(task.id)).state).toBe('aborted');
  expect(await readdir(place.paths.machines)).toHaveLength(1);
  expect(store.list()).toHaveLength(1);
  // Its name is free again, and so is the machine.
  await clone('tiny', 'other');
});

test('disks outside of the folder: said why not, and copied by a full clone', async () => {
  await using place = await sandbox();
  const directory = await putDiskMachine(place);
  const outside = join(place.root, 'big disk.qcow2');
  await rename(join(directory, 'disks/system.qcow2'), outside);
  const file = join(directory, 'machine.yaml');
  await writeFile(file, (await readFile(file, 'utf8')).replace('disks/system.qcow2', `"${outside}"`));
  const { clone, begin, store } = await cloneBench(place);
  await expect(begin('tiny', { name: 'other' })).rejects.toMatchObject({
    code: 'clone-not-linked',
    facts: { reason: expect.stringContaining('outside') },
  });
  const copy = await clone('tiny', 'other', { full: true });
  expect(copy.definition?.disks[0]?.file).toBe('disks/big disk.qcow2');
  expect(await seenBy(copy)).toEqual(await seenBy(store.find('tiny')));
});

test('a folder of disks behind a link is not linked into another machine', async () => {
  await using place = await sandbox();
  const directory = await putDiskMachine(place);
  await rename(join(directory, 'disks'), join(place.root, 'disks'));
  await symlink(join(place.root, 'disks'), join(directory, 'disks'));
  const { begin } = await cloneBench(place);
  await expect(begin('tiny', { name: 'other' })).rejects.toMatchObject({ code: 'clone-not-linked' });
});

test('what is only read is shared, a kernel is copied, and what lies elsewhere stays there', async () => {
  await using place = await sandbox();
  const iso = join(place.root, 'library.iso');
  const directory = await putDiskMachine(
    place,
    [both[0], { file: 'disks/tools.raw', format: 'raw', keys: '    readOnly: true\n' }],
    `removable: [{ type: cdrom, file: ${iso} }, { type: cdrom, file: media/own.iso }]\n`,
  );
  const file = join(directory, 'machine.yaml');
  const kernel = 'boot: { type: kernel, kernel: kernel/vmlinuz }';
  await writeFile(file, (await readFile(file, 'utf8')).replace('boot: { type: uefi }', kernel));
  for (const name of ['kernel/vmlinuz', 'media/own.iso']) {
    await mkdir(join(directory, name, '..'), { recursive: true });
    await writeFile(join(directory, name), name);
  }
  const { clone } = await cloneBench(place);
  const copy = await clone('tiny', 'other');
  expect(copy.definition?.removable.map(({ file: medium }) => medium)).toEqual([iso, 'media/own.iso']);
  const inode = (folder: string, name: string): number => statSync(join(folder, name)).ino;
  expect(inode(copy.directory, 'media/own.iso')).toBe(inode(directory, 'media/own.iso'));
  expect(inode(copy.directory, 'disks/tools.raw')).toBe(inode(directory, 'disks/tools.raw'));
  expect(inode(copy.directory, 'kernel/vmlinuz')).not.toBe(inode(directory, 'kernel/vmlinuz'));
  await expect(
    preflight(
      { ...copy.definition!, disks: [{ ...copy.definition!.disks[1]!, readOnly: false }] },
      copy.directory,
    ),
  ).rejects.toMatchObject({ code: 'disk-shared' });
});

test('names that are taken, and machines at the wrong moment', async () => {
  await using place = await sandbox();
  await putDiskMachine(place);
  const { begin, finished, store, holds } = await cloneBench(place);
  await expect(begin('tiny', { name: 'tiny' })).rejects.toMatchObject({ code: 'name-taken' });
  await expect(begin('tiny', { name: 'a/b' })).rejects.toMatchObject({ code: 'name-invalid' });
  const first = await begin('tiny', { name: 'other' });
  await expect(begin('tiny', { name: 'other' })).rejects.toMatchObject({ code: 'name-taken' });
  await expect(begin('tiny', { name: 'third' })).rejects.toMatchObject({
    code: 'machine-state',
    facts: { state: 'being cloned' },
  });
  expect(() => holds.requireFree(store.find('tiny'), 'start')).toThrow('being cloned');
  expect((await finished(first.task)).state).toBe('done');
  const running = await cloneBench(place, 'running');
  await expect(running.begin('tiny', { name: 'fourth' })).rejects.toMatchObject({
    code: 'machine-state',
    facts: { next: expect.stringContaining('--snapshot') },
  });
});

test('a clone of a snapshot is the machine as it was then, firmware and all', async () => {
  await using place = await sandbox();
  const directory = await putDiskMachine(place, both, 'tpm: emulated\n');
  await mkdir(join(directory, 'firmware'));
  await writeFile(join(directory, 'firmware/vars.qcow2'), 'then');
  const { store, definitions, clone, bin } = await cloneBench(place);
  const then = await seenBy(store.find('tiny'));
  const wish = { name: 'before', note: '', memory: false, automatic: null };
  await takeStopped(store.find('tiny'), wish, { store, definitions });
  await writeFile(join(directory, 'firmware/vars.qcow2'), 'now');
  writeAs(store.find('tiny'), 0, 9);
  writeAs(store.find('tiny'), 1, 9);
  const now = await seenBy(store.find('tiny'));
  await definitions.change(store.find('tiny'), { changes: [{ path: ['memory'], value: 2 ** 30 }] });

  const copy = await clone('tiny', 'other', { snapshot: 'before' });
  const full = await clone('tiny', 'full', { snapshot: 'before', full: true });
  for (const one of [copy, full]) {
    expect(await seenBy(one)).toEqual(then);
    expect(one.definition?.memory).toBe(512 * 2 ** 20);
    expect(await readFile(join(one.directory, 'firmware/vars.qcow2'), 'utf8')).toBe('then');
    expect(await readdir(one.directory)).not.toContain('saved');
  }
  writeAs(copy, 0, 5);
  writeAs(copy, 1, 5);
  expect(await seenBy(full)).toEqual(then);
  expect(await seenBy(store.find('tiny'))).toEqual(now);
  // The snapshot is still there, and what was made from it needs it no more.
  expect(await seenBy(await clone('tiny', 'again', { snapshot: 'before' }))).toEqual(then);
  await bin.put(store.find('tiny'));
  await bin.erase('tiny');
  expect(await seenBy(store.find('again'))).toEqual(then);
  await expect(clone('other', 'x', { snapshot: 'before' })).rejects.toMatchObject({
    code: 'snapshot-not-found',
  });
});

test('a machine that runs can have a snapshot cloned', async () => {
  await using place = await sandbox();
  await putDiskMachine(place);
  const stopped = await cloneBench(place);
  const wish = { name: 'before', note: '', memory: false, automatic: null };
  await takeStopped(stopped.store.find('tiny'), wish, stopped);
  const running = await cloneBench(place, 'running');
  const copy = await running.clone('tiny', 'other', { snapshot: 'before' });
  expect(await seenBy(copy)).toEqual(await seenBy(running.store.find('tiny')));
});
