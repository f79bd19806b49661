// SPDX-License-Identifier: Apache-2.0
//
// Snapshots of a machine with real images. What happens in any order is the matter of model.test.ts.
import { execFileSync } from 'node:child_process';
import { chmodSync, linkSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openBench } from './testing.ts';

async function bench(...formats: ('qcow2' | 'raw')[]) {
  const opened = await openBench(formats.length === 0 ? undefined : formats);
  onTestFinished(() => opened[Symbol.asyncDispose]());
  return opened;
}
type Opened = Awaited<ReturnType<typeof bench>>;

const take = (it: Opened, name: string) => it.finish(it.snapshots.take(it.machine(), { name, memory: true }));
const revert = (it: Opened, name: string, discard = false) =>
  it.finish(it.snapshots.revert(it.machine(), name, { discard, start: false }));
const remove = (it: Opened, name: string) => it.finish(it.snapshots.remove(it.machine(), name));
const tree = async (it: Opened) => {
  const { snapshots, current } = await it.snapshots.list(it.machine());
  const nameOf = (id: string | null) => snapshots.find((one) => one.id === id)?.name ?? null;
  return { current: nameOf(current), nodes: snapshots.map(({ name, parent }) => [name, nameOf(parent)]) };
};

test('the whole machine comes back, and how it was in between is kept', async () => {
  const it = await bench();
  it.write(0, 0, 65536, 1);
  it.write(1, 4096, 512, 2);
  it.setState('firmware', 'first');
  const first = await it.content();
  await take(it, 'first');
  expect(await it.content()).toEqual(first);

  it.write(0, 1000, 3000, 7);
  it.write(1, 0, 10_000, 8);
  it.setState('firmware', 'second');
  it.setState('tpm', 'sealed');
  await it.setMemory(1024);
  const second = await it.content();
  await revert(it, 'first');
  expect(await it.content()).toEqual(first);
  expect(await tree(it)).toEqual({
    current: 'first',
    nodes: [
      ['first', null],
      ['Before going back to first', 'first'],
    ],
  });
  await revert(it, 'Before going back to first');
  expect(await it.content()).toEqual(second);
  // Nothing had happened since "first", so there was nothing to keep.
  expect((await tree(it)).nodes).toHaveLength(2);
});

test('comments of the definition stay, and no disk is copied', async () => {
  const it = await bench('qcow2');
  it.write(0, 0, 2 ** 20, 5);
  const { ino, size } = statSync(join(it.directory, 'disks/d0.qcow2'));
  await take(it, 'one');
  const after = statSync(join(it.directory, 'disks/d0.qcow2'));
  expect({ ino: after.ino, size: after.size, mode: after.mode & 0o777 }).toEqual({ ino, size, mode: 0o400 });
  expect(statSync(join(it.directory, 'disks/d0-2.qcow2')).size).toBeLessThan(2 ** 18);
});

test('discarding forgets what is not kept, and its files', async () => {
  const it = await bench('qcow2');
  await take(it, 'clean');
  it.write(0, 0, 2 ** 20, 9);
  await revert(it, 'clean', true);
  expect((await tree(it)).nodes).toEqual([['clean', null]]);
  expect(it.files()).toEqual(['d0-3.qcow2', 'd0.qcow2']);
});

test('deleting a parent leaves its children whole, and its space comes back', async () => {
  const it = await bench('qcow2', 'raw');
  it.write(0, 0, 2 ** 20, 1);
  it.write(1, 0, 2 ** 20, 1);
  await take(it, 'a');
  it.write(0, 2 ** 20, 65536, 2);
  it.write(1, 2 ** 20, 65536, 2);
  const b = await it.content();
  await take(it, 'b');
  it.write(0, 0, 65536, 3);
  const now = await it.content();
  await remove(it, 'a');
  expect(await tree(it)).toEqual({ current: 'b', nodes: [['b', null]] });
  expect(await it.content()).toEqual(now);
  expect(it.files()).toHaveLength(4);
  await revert(it, 'b');
  expect(await it.content()).toEqual(b);
  await remove(it, 'Before going back to b');
  await remove(it, 'b');
  expect(await it.content()).toEqual(b);
  // One image a disk is left, in the format it began with.
  expect(it.files()).toHaveLength(2);
  expect(it.machine().definition?.disks.map(({ format }) => format)).toEqual(['qcow2', 'raw']);
});

test('a disk that was grown comes back in its size, and merges whichever part is larger', async () => {
  const it = await bench('qcow2', 'raw');
  it.write(0, 0, 65536, 1);
  await take(it, 'small');
  const small = await it.content();
  for (const { file } of it.machine().definition?.disks ?? [])
    execFileSync('qemu-img', ['resize', '-q', '-f', 'qcow2', join(it.directory, file), '9M']);
  it.write(0, 2 ** 20, 3 * 2 ** 20, 2);
  it.write(1, 8 * 2 ** 20, 65536, 3);
  await take(it, 'large');
  const large = await it.content();
  await revert(it, 'small');
  expect(await it.content()).toEqual(small);
  await revert(it, 'large');
  await remove(it, 'small');
  expect(await it.content()).toEqual(large);
  await remove(it, 'large');
  expect(await it.content()).toEqual(large);
  expect(it.files()).toHaveLength(2);
});

test('a layer that another machine shares is never written to', async () => {
  const it = await bench('qcow2');
  it.write(0, 0, 2 ** 20, 1);
  await take(it, 'a');
  const other = join(it.directory, '../other');
  mkdirSync(other);
  linkSync(join(it.directory, 'disks/d0.qcow2'), join(other, 'd0.qcow2'));
  const before = await it.checksum(join(other, 'd0.qcow2'), 'qcow2');
  it.write(0, 0, 2 ** 20, 2);
  const now = await it.content();
  await remove(it, 'a');
  expect(await it.checksum(join(other, 'd0.qcow2'), 'qcow2')).toBe(before);
  expect(await it.content()).toEqual(now);
  expect(it.files()).toEqual(['d0-2.qcow2', 'd0.qcow2']);
  // Once the other machine is gone, it is merged.
  rmSync(other, { recursive: true });
  await it.snapshots.recoverAll();
  await it.settle();
  expect(await it.content()).toEqual(now);
  expect(it.files()).toHaveLength(1);
});

test('a snapshot with a missing or a foreign file says so, and nothing changes', async () => {
  const it = await bench('qcow2');
  it.write(0, 0, 65536, 1);
  await take(it, 'a');
  it.write(0, 0, 65536, 2);
  await take(it, 'b');
  rmSync(join(it.directory, 'disks/d0-2.qcow2'));
  const { snapshots } = await it.snapshots.list(it.machine());
  expect(snapshots.map(({ problem }) => problem)).toEqual([null, 'Its file disks/d0-2.qcow2 is missing.']);
  await expect(revert(it, 'b', true)).rejects.toMatchObject({ code: 'snapshot-damaged' });
  expect(it.machine().definition?.disks[0]?.file).toBe('disks/d0-3.qcow2');
  await revert(it, 'a', true);
  expect((await it.content()).disks).toHaveLength(1);
});

test('a record that cannot be read keeps everything from being cleared away', async () => {
  const it = await bench('qcow2');
  await take(it, 'a');
  it.write(0, 0, 65536, 2);
  await take(it, 'b');
  const { snapshots } = await it.snapshots.list(it.machine());
  const [a, b] = snapshots.map(({ id }) => join(it.directory, 'snapshots', id, 'snapshot.json'));
  chmodSync(b as string, 0o600);
  writeFileSync(b as string, '{"disks": [{"file": "../../etc/shadow"}]}');
  const files = it.files();
  await remove(it, 'a');
  expect(it.files()).toEqual(files);
  expect(a).not.toBe(b);
  const listed = await it.snapshots.list(it.machine());
  expect(listed.snapshots.map(({ problem }) => problem)).toEqual([expect.stringContaining('it is damaged')]);
  await expect(revert(it, snapshots[1]?.id ?? '')).rejects.toMatchObject({ code: 'snapshot-damaged' });
});

test('what cannot be a layer is refused with the reason', async () => {
  const it = await bench('qcow2');
  const outside = join(it.directory, '../outside.raw');
  writeFileSync(outside, Buffer.alloc(65536));
  writeFileSync(
    join(it.directory, 'machine.yaml'),
    `formatVersion: 1\nid: ${it.machine().id}\nname: web\narchitecture: x86_64\nmemory: 512MiB\nboot: { type: uefi }\ndisks: [{ file: ${outside}, format: raw }]\n`,
  );
  await expect(take(it, 'a')).rejects.toMatchObject({
    code: 'snapshot-disk',
    facts: { reason: "it lies outside of the machine's folder" },
  });
  await expect(revert(it, 'none')).rejects.toMatchObject({ code: 'snapshot-not-found' });
});

test('names and notes; two of one name are told apart by their ids', async () => {
  const it = await bench('qcow2');
  await take(it, 'a');
  await take(it, 'a');
  await expect(revert(it, 'a')).rejects.toMatchObject({ code: 'snapshot-ambiguous' });
  const { snapshots } = await it.snapshots.list(it.machine());
  await it.snapshots.change(it.machine(), snapshots[1]?.id ?? '', { name: 'b', note: 'second' });
  expect((await tree(it)).nodes).toEqual([
    ['a', null],
    ['b', 'a'],
  ]);
});
