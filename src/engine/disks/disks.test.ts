// SPDX-License-Identifier: Apache-2.0
import { existsSync } from 'node:fs';
import { link, mkdir, readFile, rename, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { qcow2Image } from '../../disk/testing.ts';
import { definition, MiB, openWorkshop, qemuImg, write, type Workshop } from './testing.ts';

const otherId = '7f1c2b3a-2222-4222-8222-222222222222';
const system = '  - { file: disks/system.qcow2, format: qcow2, size: 64MiB } # the system';

const virtualSize = (file: string): number =>
  (JSON.parse(qemuImg('info', '--output=json', file)) as { 'virtual-size': number })['virtual-size'];
const same = (one: string, other: string): boolean => qemuImg('compare', one, other).includes('identical');

async function withSystem(): Promise<Workshop & { file: string }> {
  const shop = await openWorkshop(system);
  const file = shop.make('system.qcow2', 'qcow2', '64M');
  write(file, 'qcow2', 'write -P 7 1M 2M');
  return { ...shop, file };
}

/** A head over a layer: what a snapshot leaves. */
async function withLayers(): Promise<Workshop & { head: string; layer: string }> {
  const shop = await openWorkshop('  - { file: disks/system-2.qcow2, format: qcow2 }');
  const layer = shop.make('system.qcow2', 'qcow2', '64M');
  write(layer, 'qcow2', 'write -P 7 1M 4M');
  const head = join(shop.directory, 'disks/system-2.qcow2');
  qemuImg('create', '-q', '-f', 'qcow2', '-F', 'qcow2', '-b', 'system.qcow2', head);
  write(head, 'qcow2', 'write -P 9 8M 1M');
  return { ...shop, head, layer };
}

describe('the list', () => {
  test('says what a disk takes, what is below it, and what erasing it frees', async () => {
    const { disks, machine, head, layer, put } = await withLayers();
    await put(
      definition('  []', { id: otherId, name: 'clone' }).replace('disks:\n  []', 'disks: []'),
      otherId,
    );
    const { disks: alone } = await disks.list(machine());
    const [headBlocks, layerBlocks] = [(await stat(head)).blocks * 512, (await stat(layer)).blocks * 512];
    expect(alone).toMatchObject([
      {
        index: 0,
        virtualSize: 64 * MiB,
        allocated: headBlocks + layerBlocks,
        freed: headBlocks + layerBlocks,
        problem: null,
      },
    ]);
    // A linked clone has the layer under a name of its own.
    await link(layer, join(layer, '../../../', otherId, 'disks/system.qcow2'));
    const { disks: shared } = await disks.list(machine());
    expect(shared[0]).toMatchObject({ allocated: headBlocks + layerBlocks, freed: headBlocks });
    expect(shared[0]?.chain).toEqual([
      {
        file: 'disks/system-2.qcow2',
        format: 'qcow2',
        allocated: headBlocks,
        freed: headBlocks,
        sharedWith: [],
      },
      {
        file: 'disks/system.qcow2',
        format: 'qcow2',
        allocated: layerBlocks,
        freed: 0,
        sharedWith: ['clone'],
      },
    ]);
  });

  test('what a snapshot names is not unused and not freed', async () => {
    const { disks, machine, make, directory, layer } = await withLayers();
    make('old.raw', 'raw', '1M');
    expect((await disks.list(machine())).unused).toMatchObject([{ file: 'disks/old.raw', format: 'raw' }]);
    await mkdir(join(directory, 'snapshots/one'), { recursive: true });
    await writeFile(
      join(directory, 'snapshots/one/snapshot.json'),
      JSON.stringify({ disks: [{ file: 'disks/old.raw' }, { file: 'disks/system.qcow2' }] }),
    );
    const listed = await disks.list(machine());
    expect(listed.unused).toEqual([]);
    expect(listed.disks[0]?.chain[1]?.freed).toBe(0);
    expect((await disks.remove(machine(), '0', true)).erased).toBe(true);
    expect(existsSync(layer)).toBe(true);
  });

  test('a disk that cannot be read says why, and hides no other', async () => {
    const { disks, machine, layer, directory } = await withLayers();
    await rename(layer, `${layer}.moved`);
    const [found] = (await disks.list(machine())).disks;
    expect(found?.problem).toContain(`rests on ${join(directory, 'disks/system.qcow2')}, which is not there`);
    expect(found?.chain).toHaveLength(1);
  });
});

describe('add', () => {
  test('a new disk, beside comments that stay', async () => {
    const { disks, machine, finish, yaml, directory } = await withSystem();
    await finish(disks.add(machine(), { size: 20 * MiB, format: 'raw', bus: 'scsi' }));
    const text = await yaml();
    expect(text).toContain('# kept');
    expect(text).toContain('# the system');
    expect(machine().definition?.disks[1]).toMatchObject({
      file: 'disks/disk.raw',
      format: 'raw',
      bus: 'scsi',
    });
    expect((await stat(join(directory, 'disks/disk.raw'))).size).toBe(20 * MiB);
    expect(existsSync(join(directory, 'disk-work.json'))).toBe(false);
  });

  test('a copy of a VMDK image, grown', async () => {
    const { disks, machine, finish, directory } = await withSystem();
    const image = join(directory, '../old.vmdk');
    const raw = join(directory, '../old.raw');
    await writeFile(raw, Buffer.alloc(3 * MiB, 5));
    qemuImg('convert', '-f', 'raw', '-O', 'vmdk', raw, image);
    await finish(disks.add(machine(), { file: image, size: 32 * MiB }));
    const made = join(directory, 'disks/old.qcow2');
    expect(machine().definition?.disks[1]).toMatchObject({ file: 'disks/old.qcow2', format: 'qcow2' });
    expect(virtualSize(made)).toBe(32 * MiB);
    expect(write(made, 'qcow2', 'read -P 5 0 3M')).toContain('read 3145728/3145728');
  });

  test('an image that reaches out is refused, and nothing is left', async () => {
    const { disks, machine, directory, images } = await withSystem();
    for (const [name, parts] of [
      ['backing.qcow2', { backing: '/etc/shadow', backingFormat: 'raw' }],
      ['data.qcow2', { incompatible: 4, dataFile: '/etc/shadow' }],
    ] as const) {
      const file = join(directory, '..', name);
      await writeFile(file, qcow2Image(parts));
      await expect(disks.add(machine(), { file })).rejects.toMatchObject({ code: 'disk-outside' });
    }
    const split = join(directory, '../split.vmdk');
    await writeFile(split, '# Disk DescriptorFile\nversion=1\nRW 2048 FLAT "/etc/shadow" 0\n');
    await expect(disks.add(machine(), { file: split })).rejects.toMatchObject({ code: 'disk-outside' });
    // Whatever was refused, the machine is free again.
    expect(await images()).toEqual(['system.qcow2']);
    expect((await disks.remove(machine(), '0', false)).erased).toBe(false);
  });

  test('what was removed comes back as it is', async () => {
    const { disks, machine, finish, file, directory } = await withSystem();
    const before = await readFile(file);
    expect(await disks.remove(machine(), 'system.qcow2', false)).toMatchObject({ erased: false, freed: 0 });
    expect(machine().definition?.disks).toEqual([]);
    expect((await disks.list(machine())).unused.map((one) => one.file)).toEqual(['disks/system.qcow2']);
    await finish(disks.add(machine(), { file: join(directory, 'disks/system.qcow2') }));
    expect(machine().definition?.disks).toMatchObject([{ file: 'disks/system.qcow2', format: 'qcow2' }]);
    expect(await readFile(file)).toEqual(before);
  });

  test('nothing to add, or too much at once, is refused', async () => {
    const { disks, machine } = await withSystem();
    await expect(disks.add(machine(), {})).rejects.toMatchObject({ code: 'bad-request' });
    await expect(disks.add(machine(), { device: '/etc/passwd', identity: 'x' })).rejects.toMatchObject({
      code: 'bad-request',
    });
    await expect(
      disks.add(machine(), { device: '/dev/no-such-device', identity: 'x' }),
    ).rejects.toMatchObject({ code: 'device-refused' });
  });
});

describe('remove', () => {
  test('--erase takes what only this disk needs', async () => {
    const { disks, machine, head, layer, images } = await withLayers();
    const { allocated } = (await disks.list(machine())).disks[0] as { allocated: number };
    expect((await stat(head)).blocks + (await stat(layer)).blocks).toBe(allocated / 512);
    expect(await disks.remove(machine(), '0', true)).toMatchObject({ erased: true, freed: allocated });
    expect(await images()).toEqual([]);
  });

  test('a layer that another disk rests on stays', async () => {
    const { disks, machine, finish, directory, images } = await withLayers();
    qemuImg(
      'create',
      '-q',
      '-f',
      'qcow2',
      '-F',
      'qcow2',
      '-b',
      'system.qcow2',
      join(directory, 'disks/b.qcow2'),
    );
    await finish(disks.add(machine(), { file: join(directory, 'disks/b.qcow2') }));
    expect(await disks.remove(machine(), '0', true)).toMatchObject({ erased: true });
    expect(await images()).toEqual(['b.qcow2', 'system.qcow2']);
  });

  test('a disk outside of the folder is never erased', async () => {
    const shop = await openWorkshop('  []'.replace('  []', '  - { file: /tmp/none.raw, format: raw }'));
    const outside = join(shop.directory, '../mine.raw');
    await writeFile(outside, Buffer.alloc(MiB, 1));
    await writeFile(
      join(shop.directory, 'machine.yaml'),
      definition(`  - { file: ${outside}, format: raw }`),
    );
    expect(await shop.disks.remove(shop.machine(), '0', true)).toMatchObject({
      erased: false,
      kept: "It lies outside of the machine's folder.",
    });
    expect((await stat(outside)).size).toBe(MiB);
  });

  test('one that is not there is said', async () => {
    const { disks, machine } = await withSystem();
    await expect(disks.remove(machine(), '7', true)).rejects.toMatchObject({
      code: 'disk-not-found',
      message: 'web has no disk 7. It has 0 (disks/system.qcow2).',
    });
  });
});

describe('grow', () => {
  test.each([
    ['in all', { size: 96 * MiB }],
    ['by so much', { by: 32 * MiB }],
  ])('%s, and the definition follows', async (_, growth) => {
    const { disks, machine, finish, file, yaml } = await withSystem();
    const task = await finish(disks.grow(machine(), '0', growth));
    expect(virtualSize(file)).toBe(96 * MiB);
    expect(await yaml()).toContain('size: 96MiB');
    expect(await yaml()).toContain('# the system');
    expect(write(file, 'qcow2', 'read -P 7 1M 2M')).not.toContain('failed');
    expect(task.outcome?.facts).toMatchObject({ before: 64 * MiB, size: 96 * MiB, running: false });
  });

  test('only the head of a chain grows', async () => {
    const { disks, machine, finish, head, layer } = await withLayers();
    const before = await readFile(layer);
    await finish(disks.grow(machine(), '0', { by: 64 * MiB }));
    expect(virtualSize(head)).toBe(128 * MiB);
    expect(await readFile(layer)).toEqual(before);
  });

  test('a disk never shrinks', async () => {
    const { disks, machine, file } = await withSystem();
    const before = await readFile(file);
    await expect(disks.grow(machine(), '0', { size: 32 * MiB })).rejects.toMatchObject({
      code: 'disk-shrink',
    });
    expect(await readFile(file)).toEqual(before);
  });

  test.each([
    ['nothing said', {}],
    ['both said', { size: 96 * MiB, by: MiB }],
    ['half a sector', { size: 96 * MiB + 100 }],
    ['2^53', { by: 2 ** 53 - 2 ** 30 }],
  ])('%s is refused', async (_, growth) => {
    const { disks, machine } = await withSystem();
    await expect(disks.grow(machine(), '0', growth)).rejects.toMatchObject({ code: 'bad-request' });
  });

  test('a file that somebody else has, too, is not written', async () => {
    const { disks, machine, file, directory } = await withSystem();
    await link(file, join(directory, '../also.qcow2'));
    await expect(disks.grow(machine(), '0', { by: MiB })).rejects.toMatchObject({ code: 'disk-refused' });
    expect(virtualSize(file)).toBe(64 * MiB);
  });
});

describe('convert', () => {
  test('to raw and back keeps every byte and no other file', async () => {
    const { disks, machine, finish, file, directory, images, yaml } = await withSystem();
    const original = join(directory, '../original.qcow2');
    await writeFile(original, await readFile(file));
    await finish(disks.convert(machine(), '0', 'raw'));
    expect(await images()).toEqual(['system.raw']);
    expect(machine().definition?.disks[0]).toMatchObject({ file: 'disks/system.raw', format: 'raw' });
    expect(await yaml()).toContain('# the system');
    expect(same(original, join(directory, 'disks/system.raw'))).toBe(true);
    await finish(disks.convert(machine(), '0', 'qcow2'));
    expect(await images()).toEqual(['system.qcow2']);
    expect(same(original, file)).toBe(true);
  });

  test('a chain becomes one image; layers that a snapshot names stay', async () => {
    const { disks, machine, finish, directory, images } = await withLayers();
    await mkdir(join(directory, 'snapshots/one'), { recursive: true });
    await writeFile(
      join(directory, 'snapshots/one/snapshot.json'),
      '{"disks":[{"file":"disks/system.qcow2"}]}',
    );
    await finish(disks.convert(machine(), '0', 'raw'));
    expect(await images()).toEqual(['system.qcow2', 'system.raw']);
    const raw = await readFile(join(directory, 'disks/system.raw'));
    expect([raw[0], raw[MiB], raw[8 * MiB]]).toEqual([0, 7, 9]);
  });

  test('snapshots inside an image are not thrown away', async () => {
    const { disks, machine, file } = await withSystem();
    qemuImg('snapshot', '-c', 'precious', file);
    await expect(disks.convert(machine(), '0', 'raw')).rejects.toMatchObject({ code: 'disk-refused' });
    await expect(disks.trim(machine(), null)).rejects.toMatchObject({ code: 'disk-refused' });
  });

  test('aborted: nothing has changed', async () => {
    const { disks, machine, file, images, yaml, directory, abort } = await withSystem();
    const before = [await readFile(file), await yaml()];
    const task = await disks.convert(machine(), '0', 'raw');
    await abort(task.id);
    expect([await readFile(file), await yaml()]).toEqual(before);
    expect(await images()).toEqual(['system.qcow2']);
    expect(existsSync(join(directory, 'disk-work.json'))).toBe(false);
  });
});

describe('trim', () => {
  test('gives back what holds only zeros, and keeps the rest', async () => {
    const { disks, machine, finish, file, images, directory } = await withSystem();
    write(file, 'qcow2', 'write -P 3 16M 16M');
    write(file, 'qcow2', 'write -P 0 16M 16M');
    const original = join(directory, '../original.qcow2');
    await writeFile(original, await readFile(file));
    const before = (await stat(file)).blocks * 512;
    const task = await finish(disks.trim(machine(), '0'));
    const after = (await stat(file)).blocks * 512;
    expect(task.outcome?.facts['freed']).toBe(before - after);
    expect(before - after).toBeGreaterThan(15 * MiB);
    expect(same(original, file)).toBe(true);
    expect(await images()).toEqual(['system.qcow2']);
    expect((await finish(disks.trim(machine(), null))).outcome?.facts['freed']).toBe(0);
  });

  test('a head goes on resting on its layer', async () => {
    const { disks, machine, finish, head, layer, directory } = await withLayers();
    write(head, 'qcow2', 'write -P 0 1M 1M');
    write(head, 'qcow2', 'write -P 3 16M 8M');
    write(head, 'qcow2', 'write -P 0 16M 8M');
    const flat = join(directory, '../flat.raw');
    qemuImg('convert', '-O', 'raw', head, flat);
    const lower = await readFile(layer);
    const task = await finish(disks.trim(machine(), '0'));
    expect(task.outcome?.facts['freed']).toBeGreaterThan(7 * MiB);
    expect(qemuImg('info', head)).toMatch(/backing file: system\.qcow2/);
    expect(same(flat, head)).toBe(true);
    expect(await readFile(layer)).toEqual(lower);
  });
});

describe('check', () => {
  test('a sound disk is sound, with all it rests on', async () => {
    const { disks, machine, finish } = await withLayers();
    const { outcome } = await finish(disks.check(machine(), '0', false));
    expect(outcome?.text).toBe('disks/system-2.qcow2 is sound. disks/system.qcow2 is sound.');
    expect(outcome?.facts).toMatchObject({ sound: true, corruptions: 0, leaks: 0 });
  });

  test('lost clusters are found, and given back without a copy', async () => {
    const { disks, machine, finish, file, images } = await withSystem();
    await leak(file);
    const found = await finish(disks.check(machine(), '0', false));
    expect(found.outcome?.facts).toMatchObject({ sound: false, corruptions: 0, leaks: 1 });
    const repaired = await finish(disks.check(machine(), '0', true));
    expect(repaired.outcome?.facts).toMatchObject({ sound: true, leaks: 0, copy: null });
    expect(await images()).toEqual(['system.qcow2']);
  });

  test('a corrupt disk is repaired after a copy was kept', async () => {
    const { disks, machine, finish, file, images } = await withSystem();
    await corrupt(file);
    const before = await readFile(file);
    const found = await finish(disks.check(machine(), '0', false));
    expect(found.outcome?.facts).toMatchObject({ sound: false });
    expect(found.outcome?.facts['corruptions']).toBeGreaterThan(0);
    expect(await readFile(file)).toEqual(before);
    const repaired = await finish(disks.check(machine(), '0', true));
    expect(repaired.outcome?.facts).toMatchObject({ sound: true, copy: 'disks/system.before-repair.qcow2' });
    expect(await images()).toEqual(['system.before-repair.qcow2', 'system.qcow2']);
    expect(await readFile(join(file, '../system.before-repair.qcow2'))).toEqual(before);
    expect(qemuImg('check', file)).toContain('No errors');
  });

  test('raw has nothing that could be checked', async () => {
    const shop = await openWorkshop('  - { file: disks/a.raw, format: raw }');
    shop.make('a.raw', 'raw', '1M');
    const { outcome } = await shop.finish(shop.disks.check(shop.machine(), '0', false));
    expect(outcome?.text).toContain('raw');
    expect(outcome?.facts).toMatchObject({ sound: true });
  });
});

describe('export', () => {
  test.each(['qcow2', 'raw', 'vmdk', 'vdi', 'vhdx'] as const)(
    'to %s holds all of a chain',
    async (format) => {
      const { disks, machine, finish, head, directory } = await withLayers();
      const file = join(directory, `../out.${format}`);
      await finish(disks.export(machine(), '0', { file, format }));
      expect(qemuImg('info', file)).not.toContain('backing');
      expect(qemuImg('compare', '-f', 'qcow2', '-F', format, head, file)).toContain('identical');
      await expect(disks.export(machine(), '0', { file, format })).rejects.toMatchObject({
        code: 'file-exists',
      });
    },
  );

  test('aborted, it leaves nothing; a folder that is not there is said', async () => {
    const { disks, machine, directory, abort } = await withSystem();
    const file = join(directory, '../out.vmdk');
    const task = await disks.export(machine(), '0', { file, format: 'vmdk' });
    await abort(task.id);
    expect(existsSync(file)).toBe(false);
    await expect(disks.export(machine(), '0', { file: 'out.raw', format: 'raw' })).rejects.toMatchObject({
      code: 'bad-request',
    });
    await expect(
      disks.export(machine(), '0', { file: '/no/such/folder/x.raw', format: 'raw' }),
    ).rejects.toMatchObject({ code: 'file-missing' });
  });
});

describe('no tool ever opens', () => {
  const ways: [string, (shop: Workshop) => Promise<unknown>][] = [
    ['grow', ({ disks, machine }) => disks.grow(machine(), '0', { by: MiB })],
    ['convert', ({ disks, machine }) => disks.convert(machine(), '0', 'raw')],
    ['trim', ({ disks, machine }) => disks.trim(machine(), '0')],
    ['check', ({ disks, machine }) => disks.check(machine(), '0', true)],
    [
      'export',
      ({ disks, machine }) => disks.export(machine(), '0', { file: '/tmp/never.raw', format: 'raw' }),
    ],
  ];

  test.each(ways)('a disk that rests on a file of this PC: %s', async (_, way) => {
    const shop = await openWorkshop(system);
    for (const parts of [
      { backing: '/etc/shadow', backingFormat: 'raw' },
      { incompatible: 4, dataFile: '/etc/shadow' },
    ]) {
      await writeFile(join(shop.directory, 'disks/system.qcow2'), qcow2Image(parts));
      await expect(way(shop)).rejects.toMatchObject({ code: 'disk-outside' });
    }
    expect(existsSync('/tmp/never.raw')).toBe(false);
  });

  test.each(ways)('a chain that is a circle: %s', async (_, way) => {
    const shop = await openWorkshop(system);
    const image = qcow2Image({ backing: 'system.qcow2', backingFormat: 'qcow2' });
    await writeFile(join(shop.directory, 'disks/system.qcow2'), image);
    await expect(way(shop)).rejects.toMatchObject({ code: 'disk-damaged' });
  });

  test('an image that claims 2^63 bytes', async () => {
    const shop = await openWorkshop(system);
    const image = qcow2Image();
    image.writeBigUInt64BE(2n ** 63n, 24);
    await writeFile(join(shop.directory, 'disks/system.qcow2'), image);
    await expect(shop.disks.grow(shop.machine(), '0', { by: MiB })).rejects.toMatchObject({
      code: 'bad-request',
    });
    await expect(shop.disks.convert(shop.machine(), '0', 'raw')).rejects.toMatchObject({
      code: expect.stringMatching(/disk-damaged|file-unreadable/),
    });
  });
});

test('two pieces of work on one machine: the second says what the first is', async () => {
  const { disks, machine, finish } = await withSystem();
  const first = disks.convert(machine(), '0', 'raw');
  await first;
  await expect(disks.trim(machine(), '0')).rejects.toMatchObject({
    code: 'machine-state',
    message: 'web is having a disk converted, so it cannot be trimmed now.',
  });
  await finish(first);
});

test('what a killed service left is put in order', async () => {
  const { disks, machine, make, directory, images, file } = await withSystem();
  make('system.raw', 'raw', '64M');
  await writeFile(join(directory, 'disks/.system.raw.6f1c2b3a-1111-4111-8111-111111111111.tmp'), 'half');
  const journal = { formatVersion: 1, made: ['disks/system.raw'], replaced: ['disks/system.qcow2'] };
  await writeFile(join(directory, 'disk-work.json'), JSON.stringify(journal));
  await disks.recoverAll();
  // The definition names the old one: the new one goes.
  expect(await images()).toEqual(['system.qcow2']);
  make('system.raw', 'raw', '64M');
  await writeFile(join(directory, 'disk-work.json'), JSON.stringify(journal));
  await writeFile(join(directory, 'machine.yaml'), definition('  - { file: disks/system.raw, format: raw }'));
  await disks.recoverAll();
  expect(await images()).toEqual(['system.raw']);
  expect(existsSync(file)).toBe(false);
  expect(machine().definition?.disks[0]?.file).toBe('disks/system.raw');
});

test.each(['../../etc/passwd', '/etc/passwd', 'disks/../machine.yaml', 'machine.yaml'])(
  'a record that names %s removes nothing',
  async (name) => {
    const { disks, directory } = await withSystem();
    await writeFile(
      join(directory, 'disk-work.json'),
      JSON.stringify({ formatVersion: 1, made: [name], replaced: [] }),
    );
    await expect(disks.recoverAll()).rejects.toThrow(/damaged/);
    expect(existsSync(join(directory, 'machine.yaml'))).toBe(true);
  },
);

/** Takes a cluster that nothing uses: its count is 1, and no table names it. */
async function leak(file: string): Promise<void> {
  const size = Math.ceil((await stat(file)).size / 65_536) * 65_536;
  await truncate(file, size + 65_536);
  await setRefcount(file, size / 65_536, 1);
}

/** Says that the first cluster of the guest's data is free, although a table names it. */
async function corrupt(file: string): Promise<void> {
  const bytes = await readFile(file);
  const l1 = Number(bytes.readBigUInt64BE(40));
  const l2 = Number(bytes.readBigUInt64BE(l1) & 0x00fffffffffffe00n);
  // The guest's first data is at 1 MiB: entry 16.
  const data = Number(bytes.readBigUInt64BE(l2 + 16 * 8) & 0x00fffffffffffe00n);
  await setRefcount(file, data / 65_536, 0);
}

async function setRefcount(file: string, cluster: number, count: number): Promise<void> {
  const bytes = await readFile(file);
  const table = Number(bytes.readBigUInt64BE(48));
  const block = Number(bytes.readBigUInt64BE(table));
  bytes.writeUInt16BE(count, block + cluster * 2);
  await writeFile(file, bytes);
}
