// SPDX-License-Identifier: Apache-2.0
//
// Disks as installers leave them, read by the real tool: which kernel is found, and does it come out as it went in?
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { hasFallbackLoader } from '../../src/disk/fallback-loader.ts';
import { extractKernel, isCurrent, readExtracted } from '../../src/disk/guest-kernel/extract-kernel.ts';
import { findKernel } from '../../src/disk/guest-kernel/find-kernel.ts';
import { openGuestDisk } from '../../src/disk/guest-kernel/guest-disk.ts';
import { makeDisk, makeFileSystem, missingTools, run, writeTree, type Tree } from '../support/guest-image.ts';

const missing = missingTools(['grub-fstest', 'mke2fs', 'mkfs.xfs', 'mkfs.btrfs', 'sfdisk', 'mformat', 'xz']);
const uuid = 'aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'phgk-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const at = (name: string): string => join(folder, name);
async function tree(name: string, content: Tree): Promise<string> {
  await mkdir(at(name));
  await writeTree(at(name), content);
  return at(name);
}
const find = (image: string) => findKernel(openGuestDisk(at(image)));

/** An ELF with an entry for VMMs, as far as anybody looks. */
function elfWithPvh(): Buffer {
  const elf = Buffer.alloc(4096);
  elf.write('\x7fELF\x02', 0, 'latin1');
  elf.writeBigUInt64LE(64n, 32);
  elf.writeUInt16LE(56, 54);
  elf.writeUInt16LE(1, 56);
  elf.writeUInt32LE(4, 64);
  elf.writeBigUInt64LE(200n, 64 + 8);
  elf.writeBigUInt64LE(20n, 64 + 32);
  elf.writeUInt32LE(4, 200);
  elf.writeUInt32LE(4, 204);
  elf.writeUInt32LE(18, 208);
  elf.write('Xen\0', 212);
  randomBytes(2048).copy(elf, 1024);
  return elf;
}

/** A PC kernel that holds something packed, some kB behind its beginning as in real ones. */
function bzImage(payload: Buffer): Buffer {
  const head = Buffer.alloc(20 * 512 + 700);
  head.writeUInt8(19, 0x1f1);
  head.write('HdrS', 0x202);
  head.writeUInt16LE(0x20f, 0x206);
  head.writeUInt32LE(700, 0x248);
  head.writeUInt32LE(payload.length, 0x24c);
  return Buffer.concat([head, payload, randomBytes(500)]);
}

const menu = (path: string, root = `UUID=${uuid}`) => `set default=0
menuentry 'Debian' {
  search --no-floppy --fs-uuid --set=root ${uuid}
  linux ${path}/vmlinuz-6.1.0 root=${root} ro quiet
  initrd ${path}/microcode.img ${path}/initrd.img-6.1.0
}
`;
const boot = (prefix: string, path: string): Tree => ({
  [`${prefix}vmlinuz-6.1.0`]: 'a kernel',
  [`${prefix}microcode.img`]: 'odd',
  [`${prefix}initrd.img-6.1.0`]: 'an initrd',
  [`${prefix}grub/grub.cfg`]: menu(path),
});

describe.skipIf(missing !== '')(`guests' disks${missing}`, () => {
  test.each([
    ['ext4', 64],
    ['xfs', 320],
    ['btrfs', 160],
  ] as const)('a root with its kernel on %s', async (type, mebibytes) => {
    const root = await tree('root', { 'etc/fstab': '', 'usr/x': '', ...boot('boot/', '/boot') });
    await makeFileSystem(at('disk'), root, { type, uuid, mebibytes });
    const { found } = await find('disk');
    expect(found).toMatchObject({
      title: 'Debian',
      kernel: { device: 'loop0', path: '/boot/vmlinuz-6.1.0' },
      initrds: [{ path: '/boot/microcode.img' }, { path: '/boot/initrd.img-6.1.0' }],
      commandLine: `root=UUID=${uuid} ro quiet`,
    });
    const extracted = await extractKernel(openGuestDisk(at('disk')), found!, 'disk', at('from-disk'));
    expect(await readFile(extracted.kernel, 'utf8')).toBe('a kernel');
    // Each part begins at a multiple of four bytes.
    expect(await readFile(extracted.initrd!, 'latin1')).toBe('odd\0an initrd');
    expect(await readExtracted(at('from-disk'), 'disk')).toEqual(extracted);
    expect(await isCurrent(at('from-disk'), 'disk', found!)).toBe(true);
    expect(await readdir(folder)).not.toContain('.from-disk.new');
  });

  test('a Btrfs whose root is a subvolume', async () => {
    const top = await tree('top', { '@/etc/fstab': '', '@/usr/x': '', ...boot('@/boot/', '/@/boot') });
    await makeFileSystem(at('disk'), top, { type: 'btrfs', uuid, mebibytes: 160 });
    expect((await find('disk')).found?.kernel.path).toBe('/@/boot/vmlinuz-6.1.0');
    // Without a menu, the kernel that lies there, with the subvolume as its root.
    await rm(at('top/@/boot/grub'), { recursive: true });
    await makeFileSystem(at('disk'), top, { type: 'btrfs', uuid, mebibytes: 160 });
    expect((await find('disk')).found).toMatchObject({
      initrds: [{ path: '/@/boot/initrd.img-6.1.0' }],
      commandLine: `root=UUID=${uuid} rootflags=subvol=@ ro`,
    });
  });

  test.each(['gpt', 'dos'] as const)(
    'partitions (%s): EFI, /boot of its own on ext4, root on XFS',
    async (label) => {
      const other = '99999999-bbbb-4ccc-8ddd-eeeeeeeeeeee';
      const esp = await tree('esp', {
        'EFI/BOOT/BOOTX64.EFI': 'a loader',
        'EFI/debian/grub.cfg': `search.fs_uuid ${uuid} root\nset prefix=($root)'/grub'\nconfigfile $prefix/grub.cfg\n`,
      });
      const own = await tree('own', boot('', ''));
      // The root has a menu as well, from another time: the boot loader does not look at it.
      const root = await tree('root', { 'etc/x': '', 'usr/x': '', ...boot('boot/', '/wrong') });
      await makeFileSystem(at('a'), esp, { type: 'fat', mebibytes: 64 });
      await makeFileSystem(at('b'), root, { type: 'xfs', uuid: other, mebibytes: 320 });
      await makeFileSystem(at('c'), own, { type: 'ext4', uuid, mebibytes: 32 });
      await makeDisk(at('disk'), label, [
        { image: at('a'), esp: true },
        { image: at('b') },
        { image: at('c') },
      ]);
      const partition = label === 'gpt' ? 'gpt3' : 'msdos3';
      expect((await find('disk')).found).toMatchObject({
        kernel: { device: `loop0,${partition}`, path: '/vmlinuz-6.1.0' },
        source: 'GRUB menu /grub/grub.cfg',
      });
      expect(await hasFallbackLoader(at('disk'), 'raw', 'x86_64')).toBe(true);
      expect(await hasFallbackLoader(at('disk'), 'raw', 'aarch64')).toBe(false);
      run('qemu-img', 'convert', '-f', 'raw', '-O', 'qcow2', at('disk'), at('disk.qcow2'));
      expect(await hasFallbackLoader(at('disk.qcow2'), 'qcow2', 'x86_64')).toBe(true);
      // Half of the kernel is not there: no half answer.
      await rm(at('own/initrd.img-6.1.0'));
      await rm(at('root/boot'), { recursive: true });
      await makeFileSystem(at('c'), own, { type: 'ext4', uuid, mebibytes: 32 });
      await makeFileSystem(at('b'), root, { type: 'xfs', uuid: other, mebibytes: 320 });
      await makeDisk(at('disk'), label, [
        { image: at('a'), esp: true },
        { image: at('b') },
        { image: at('c') },
      ]);
      const { looked } = await find('disk');
      expect(looked.join()).toContain('/initrd.img-6.1.0, which the GRUB menu /grub/grub.cfg names');
    },
  );

  test("a loader's name that is too long for FAT is found, in a folder of many files", async () => {
    const many = Object.fromEntries(
      Array.from({ length: 300 }, (_, index) => [`EFI/BOOT/a file ${index}`, 'x']),
    );
    const esp = await tree('esp', { ...many, 'EFI/BOOT/BOOTRISCV64.EFI': 'a loader' });
    await makeFileSystem(at('a'), esp, { type: 'fat', mebibytes: 64 });
    await makeDisk(at('disk'), 'gpt', [{ image: at('a'), esp: true }]);
    expect(await hasFallbackLoader(at('disk'), 'raw', 'riscv64')).toBe(true);
  });

  test('entries of systemd-boot on the EFI system partition', async () => {
    const esp = await tree('esp', {
      'loader/loader.conf': 'default arch-lts.conf\n',
      'loader/entries/arch.conf':
        'title Arch\nlinux /vmlinuz-linux\ninitrd /initramfs-linux.img\noptions root=X\n',
      'loader/entries/arch-lts.conf': 'title LTS\nlinux /vmlinuz-lts\noptions root=LABEL=arch rw\n',
      'vmlinuz-linux': 'newest',
      'initramfs-linux.img': 'x',
      'vmlinuz-lts': 'chosen',
    });
    await makeFileSystem(at('a'), esp, { type: 'fat', mebibytes: 64 });
    await makeDisk(at('disk'), 'gpt', [{ image: at('a'), esp: true }]);
    expect((await find('disk')).found).toMatchObject({
      title: 'LTS',
      kernel: { path: '/vmlinuz-lts' },
      initrds: [],
      commandLine: 'root=LABEL=arch rw',
    });
  });

  test('a disk names no file of this PC', async () => {
    const secret = at('secret');
    await writeFile(secret, 'not for guests');
    const root = await tree('root', {
      'etc/x': '',
      'usr/x': '',
      'boot/grub/grub.cfg': `menuentry a { linux (host)${secret} \n initrd /boot/../../../..${secret} }
menuentry b { linux ($root)/../..${secret} }`,
      'boot/vmlinuz-1': { link: `(host)${secret}` },
      vmlinuz: { link: secret },
    });
    await makeFileSystem(at('disk'), root, { type: 'ext4', uuid, mebibytes: 32 });
    const { found, looked } = await find('disk');
    expect(found).toBeNull();
    expect(looked.length).toBeGreaterThan(0);
    const disk = openGuestDisk(at('disk'));
    for (const [device, path] of [
      ['host', secret],
      ['loop0', `/../../..${secret}`],
      ['loop0', '/boot/vmlinuz-1'],
      ['loop0)/(host', secret],
    ] as const)
      expect(await disk.read(device, path)).toBeNull();
  });

  test('an empty disk, noise, and a file system that was cut off', async () => {
    await writeFile(at('empty'), Buffer.alloc(2 ** 20));
    await writeFile(at('noise'), randomBytes(2 ** 20));
    for (const image of ['empty', 'noise'])
      expect(await find(image)).toMatchObject({
        found: null,
        looked: [expect.stringContaining('none is on the disk')],
      });
    const root = await tree('root', { 'etc/x': '', 'usr/x': '', ...boot('boot/', '/boot') });
    await makeFileSystem(at('disk'), root, { type: 'ext4', uuid, mebibytes: 64 });
    await writeFile(at('cut'), (await readFile(at('disk'))).subarray(0, 2 ** 20));
    await find('cut').then(
      ({ found }) => expect(found).toBeNull(),
      (error: unknown) => expect(error).toMatchObject({ code: 'guest-disk-unreadable' }),
    );
  });

  test.each([
    ['gzip', (elf: Buffer) => gzipSync(elf)],
    ['zstd', (elf: Buffer) => Buffer.concat([zstdCompressSync(elf), Buffer.alloc(4)])],
    ['xz', (elf: Buffer) => Buffer.concat([xz(elf), Buffer.alloc(4)])],
  ])('a PC kernel packed with %s becomes the ELF in it', async (_, pack) => {
    const elf = elfWithPvh();
    await writeFile(at('bzImage'), bzImage(pack(elf)));
    const root = await tree('root', { 'etc/x': '', 'usr/x': '', vmlinuz: { copy: at('bzImage') } });
    await makeFileSystem(at('disk'), root, { type: 'ext4', uuid, mebibytes: 32 });
    const { found } = await find('disk');
    const extracted = await extractKernel(openGuestDisk(at('disk')), found!, 'disk', at('from-disk'));
    expect((await readFile(extracted.kernel)).equals(elf)).toBe(true);
    expect((await readdir(at('from-disk'))).toSorted()).toEqual(['kernel.json', 'vmlinux']);
  });

  test('one that cannot be unpacked, or holds nothing for a VMM, stays as it is', async () => {
    for (const image of [
      bzImage(Buffer.from('02214c18 lz4')),
      bzImage(gzipSync(Buffer.alloc(200))),
      bzImage(gzipSync(elfWithPvh()).subarray(0, 900)),
    ]) {
      await writeFile(at('bzImage'), image);
      await rm(at('root'), { recursive: true, force: true });
      const root = await tree('root', { 'etc/x': '', 'usr/x': '', vmlinuz: { copy: at('bzImage') } });
      await makeFileSystem(at('disk'), root, { type: 'ext4', uuid, mebibytes: 32 });
      const { found } = await find('disk');
      const { kernel } = await extractKernel(openGuestDisk(at('disk')), found!, 'disk', at('from-disk'));
      expect((await readFile(kernel)).equals(image)).toBe(true);
    }
  });

  test('an aborted copy leaves what was there', async () => {
    const root = await tree('root', { 'etc/x': '', 'usr/x': '', ...boot('boot/', '/boot') });
    await makeFileSystem(at('disk'), root, { type: 'ext4', uuid, mebibytes: 64 });
    const { found } = await find('disk');
    await extractKernel(openGuestDisk(at('disk')), found!, 'disk', at('from-disk'));
    const aborted = AbortSignal.abort(new Error('enough'));
    await expect(
      extractKernel(openGuestDisk(at('disk'), aborted), found!, 'disk', at('from-disk'), aborted),
    ).rejects.toThrow('enough');
    expect(await readExtracted(at('from-disk'), 'disk')).not.toBeNull();
    expect(existsSync(at('.from-disk.new'))).toBe(false);
  });
});

/** With checksums as the kernel's build makes them. */
function xz(content: Buffer): Buffer {
  return execFileSync('xz', ['--compress', '--check=crc32', '--stdout'], { input: content });
}
