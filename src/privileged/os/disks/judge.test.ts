// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { sameName } from '../../../contract/disk-name.ts';
import { judgeDisks, runningDisk, type DiskFacts } from './judge.ts';
import type { BlockNode } from './lsblk.ts';
import { nameDisks } from './naming.ts';

function recorded(name: string, more: Partial<DiskFacts> = {}): DiskFacts {
  const text = readFileSync(new URL(`fixtures/${name}.json`, import.meta.url), 'utf8');
  const { blockdevices: devices } = JSON.parse(text) as { blockdevices: BlockNode[] };
  return { devices, plugs: new Map(), failing: new Map(), backing: new Map(), ...more };
}

const reasons = (facts: DiskFacts): Record<string, string | undefined> =>
  Object.fromEntries(judgeDisks(facts).map(({ path, refused }) => [path, refused?.reason]));

describe('a PC with the live stick and two disks of one kind', () => {
  const facts = recorded('two-identical-nvme');

  test('the stick is what runs, the others can be chosen, and each has its own name and id', () => {
    expect(runningDisk(facts)).toBe('/dev/sda');
    expect(judgeDisks(facts).map(({ path, name, id, refused }) => [path, name, id, refused?.reason])).toEqual(
      [
        ['/dev/nvme0n1', 'Samsung SSD 980 PRO 1TB 711A', 'wwn:eui.002538b111b2c3d4', undefined],
        ['/dev/nvme1n1', 'Samsung SSD 980 PRO 1TB 712B', 'wwn:eui.002538b111b2c3d5', undefined],
        ['/dev/sda', 'SanDisk Ultra', 'serial:Ultra_4C530001230521112233', 'runs-from-it'],
      ],
    );
  });

  test('what is on them is told', () => {
    const [first] = judgeDisks(facts);
    expect(first?.partitions.map(({ system, role, fileSystem }) => [system, role, fileSystem])).toEqual([
      [null, 'boot', 'vfat'],
      ['Windows', 'system', null],
      ['Windows', 'data', 'BitLocker'],
      ['Windows', 'recovery', 'ntfs'],
    ]);
    expect(first?.warnings).toEqual([
      'Windows will be gone from it.',
      'It holds a disk encrypted by Windows, which no recovery key brings back afterwards.',
    ]);
    const starts = first?.partitions.map(({ start, size }) => start + size) ?? [];
    expect(Math.max(...starts)).toBeLessThanOrEqual(first?.size ?? 0);
  });

  test('one that says that it is about to fail is refused, in its own words', () => {
    const failing = new Map([['nvme1n1', 'its spare room is used up']]);
    const judged = judgeDisks({ ...facts, failing });
    expect(judged.find(({ path }) => path === '/dev/nvme1n1')?.refused).toEqual({
      reason: 'failing',
      text: 'it says itself that it is about to fail (its spare room is used up)',
    });
  });
});

test('disks that share even their serial number differ by where they are plugged in, else by what the kernel calls them', () => {
  const plugs = new Map([
    ['sda', 'pci-0000:00:17.0-ata-1'],
    ['sdb', 'pci-0000:00:17.0-ata-2'],
  ]);
  const plugged = judgeDisks(recorded('same-serial', { plugs })).filter(({ refused }) => refused === null);
  expect(plugged.map(({ id, name }) => [id, name])).toEqual([
    ['serial:SSD_256GB_AA000000000000000001@pci-0000:00:17.0-ata-1', 'SSD 256GB sda'],
    ['serial:SSD_256GB_AA000000000000000001@pci-0000:00:17.0-ata-2', 'SSD 256GB sdb'],
  ]);
  const bare = judgeDisks(recorded('same-serial')).filter(({ refused }) => refused === null);
  expect(new Set(bare.map(({ id }) => id)).size).toBe(2);
});

describe('an installed server with everything that can be in the way', () => {
  const facts = recorded('server');

  test('only what nothing uses can be chosen', () => {
    expect(runningDisk(facts)).toBe('/dev/nvme0n1');
    expect(reasons(facts)).toEqual({
      '/dev/sda': 'in-use', // mdraid
      '/dev/sdb': 'in-use',
      '/dev/sdc': 'in-use', // LVM that is not mounted
      '/dev/sdd': 'in-use', // dm-crypt that is not mounted
      '/dev/sde': 'in-use', // two ways to one disk
      '/dev/sdf': 'in-use',
      '/dev/sdg': 'in-use', // swap
      '/dev/sdh': 'read-only',
      '/dev/sdi': 'too-small',
      '/dev/sdj': 'no-medium',
      '/dev/sdk': undefined,
      '/dev/nvme0n1': 'runs-from-it',
    });
  });

  test('why is said with the name of what uses it', () => {
    const texts = new Map(judgeDisks(facts).map(({ path, refused }) => [path, refused?.text]));
    expect(texts.get('/dev/sda')).toBe('it is mounted at /srv');
    expect(texts.get('/dev/sdc')).toBe('the logical volume /dev/mapper/vg0-data is on it');
    expect(texts.get('/dev/sdd')).toBe('the encrypted volume /dev/mapper/secret is on it');
    expect(texts.get('/dev/sde')).toBe('the multipath device /dev/mapper/mpatha is on it');
    expect(texts.get('/dev/sdi')).toBe('it has 4 GiB, and 8 GiB are needed');
  });

  test('sectors of 4 KiB are told, and pieces of a RAID that does not run come with a warning', () => {
    const judged = judgeDisks(facts);
    expect(judged.find(({ path }) => path === '/dev/sda')?.sectorSize).toBe(4096);
    expect(judged.find(({ path }) => path === '/dev/sdk')?.warnings.join(' ')).toContain('a piece of a RAID');
  });
});

test('a system on a disc runs from memory and a loop device; pieces of an eMMC are no disks', () => {
  const facts = recorded('from-disc', { backing: new Map([['loop0', '/dev/sr0']]) });
  expect(runningDisk(facts)).toBe(null);
  expect(reasons(facts)).toEqual({ '/dev/vda': undefined, '/dev/mmcblk0': undefined });
  const blank = judgeDisks(facts).find(({ path }) => path === '/dev/vda');
  expect(blank).toMatchObject({ name: 'vda', bus: 'virtio', partitions: [], table: null });
});

test('a disk that a loop device is laid over is the running one when /usr comes from there', () => {
  const facts = recorded('from-disc', { backing: new Map([['loop0', '/dev/vda']]) });
  expect(reasons(facts)['/dev/vda']).toBe('runs-from-it');
  expect(runningDisk(facts)).toBe('/dev/vda');
});

describe('whatever disks a PC has', () => {
  const some = fc.constantFrom(null, '', ' ', 'SSD', 'SSD 1', 'ssd 1', 'x'.repeat(40), '0001', 'é\u0000');
  const disks = fc.array(fc.record({ model: some, vendor: some, serial: some, wwn: some }), {
    maxLength: 12,
  });
  const nodes = disks.map((list) =>
    list.map((one, index): BlockNode => ({ ...blank, ...one, kname: `sd${index}`, path: `/dev/sd${index}` })),
  );

  test('no two have the same id, nor names that could be taken for one another', () => {
    fc.assert(
      fc.property(nodes, (list) => {
        const named = nameDisks(list);
        expect(new Set(named.map(({ id }) => id)).size).toBe(list.length);
        for (const [at, { name }] of named.entries())
          expect(named.filter((other) => sameName(other.name, name))).toEqual([named[at]]);
      }),
    );
  });

  test('one that anything is mounted from is never offered', () => {
    const point = fc.constantFrom('/', '/usr', '/home', '[SWAP]', '/mnt/x');
    fc.assert(
      fc.property(nodes, point, fc.nat(2), (list, mounted, depth) => {
        const wrap = (left: number): BlockNode =>
          left === 0
            ? { ...blank, type: 'part', mountpoints: [null, mounted] }
            : { ...blank, type: left === 1 ? 'crypt' : 'part', children: [wrap(left - 1)] };
        const used = list.map((disk) => ({ ...disk, size: 2 ** 40, children: [wrap(depth)] }));
        const judged = judgeDisks({
          devices: used,
          plugs: new Map(),
          failing: new Map(),
          backing: new Map(),
        });
        expect(judged.filter(({ refused }) => refused === null)).toEqual([]);
        expect(judged.length).toBe(list.length);
      }),
    );
  });
});

const blank: BlockNode = {
  kname: 'sda',
  path: '/dev/sda',
  type: 'disk',
  size: 2 ** 40,
  ro: false,
  rm: false,
  hotplug: false,
  model: null,
  vendor: null,
  serial: null,
  wwn: null,
  tran: null,
  'log-sec': 512,
  pttype: null,
  parttype: null,
  partlabel: null,
  partn: null,
  start: null,
  fstype: null,
  label: null,
  mountpoints: [],
};
