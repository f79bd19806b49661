// SPDX-License-Identifier: Apache-2.0
//
// What of a medium is found wrong before anything is made. Copies are tried with the real qemu-img in test/boot.
import { execFileSync } from 'node:child_process';
import { link, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { gptDisk, isoBytes, mbrDisk, qcow2Image } from '../disk/testing.ts';
import { bootOf, draftFromMedium } from './draft-from-medium.ts';
import { unknownGuest, type GuestFacts } from '../catalog/profile/guest-facts.ts';
import { examineMedium, type MediumRequest } from './medium.ts';
import { openStore } from './store.ts';
import { definitionText, putMachine, sandbox, type Sandbox } from './testing.ts';

async function put(place: Sandbox, name: string, content: Buffer | string): Promise<string> {
  const file = join(place.root, name);
  await writeFile(file, content);
  return file;
}

async function examine(place: Sandbox, file: string, use: MediumRequest['use'], diskSize?: number) {
  const store = await openStore(place.paths);
  const surroundings = { machines: place.paths.machines, others: async () => [...store.list()] };
  return examineMedium({ file, use, ...(diskSize !== undefined && { diskSize }) }, surroundings);
}

/** A VMDK, as far as its header goes. */
function vmdk(description: string, capacity = 100n): Buffer {
  const image = Buffer.alloc(64 * 1024);
  image.write('KDMV', 0);
  image.writeBigUInt64LE(capacity, 12);
  image.write(description, 512);
  return image;
}

const disk = mbrDisk([{ type: 0x83, active: true }]);

describe('what is fine', () => {
  test('a medium to install from', async () => {
    await using place = await sandbox();
    const file = await put(place, 'a, b.iso', isoBytes());
    expect(await examine(place, file, 'install')).toEqual({ use: 'install', file, diskSize: 64 * 2 ** 30 });
    expect(await examine(place, `${place.root}/./a, b.iso`, 'install', 2 ** 30)).toMatchObject({
      file,
      diskSize: 2 ** 30,
    });
  });

  test('a disk to use', async () => {
    await using place = await sandbox();
    const raw = await put(place, 'a.iso', disk);
    expect(await examine(place, raw, 'use-disk')).toEqual({ use: 'use-disk', file: raw, format: 'raw' });
    const qcow2 = await put(place, 'a.raw', qcow2Image());
    expect(await examine(place, qcow2, 'use-disk')).toMatchObject({ format: 'qcow2' });
  });
});

describe('what is refused', () => {
  test.each<[string, MediumRequest['use'], Buffer | string, string, RegExp]>([
    ['a disk as a medium', 'install', disk, 'medium-unsuitable', /installation medium: it is a raw disk/],
    ['a text as a medium', 'install', 'hello', 'medium-unsuitable', /it is a text/],
    ['nothing as a medium', 'install', '', 'medium-unsuitable', /empty/],
    ['an ISO as a disk', 'use-disk', isoBytes(), 'medium-unsuitable', /the disk of a machine: it is an ISO/],
    ['an ISO to copy', 'copy-disk', isoBytes(), 'medium-unsuitable', /it is an ISO/],
    ['a text as a disk', 'copy-disk', '<html><body>404', 'medium-unsuitable', /a web page/],
    ['a VMDK in place', 'use-disk', vmdk(''), 'medium-unsuitable', /cannot write the format vmdk/],
    [
      'a qcow2 on another file',
      'copy-disk',
      qcow2Image({ backing: '/etc/shadow', backingFormat: 'raw' }),
      'disk-outside',
      /\/etc\/shadow/,
    ],
    [
      'a qcow2 on another file, in place',
      'use-disk',
      qcow2Image({ backing: 'x', backingFormat: 'raw' }),
      'disk-outside',
      /reaches out to x/,
    ],
    [
      'a qcow2 with its data elsewhere',
      'copy-disk',
      qcow2Image({ incompatible: 4, dataFile: '/dev/sda' }),
      'disk-outside',
      /\/dev\/sda/,
    ],
    ['a qcow2 that is cut off', 'copy-disk', qcow2Image({ size: 320 * 1024 }), 'disk-damaged', /cut off/],
    [
      'a VMDK that is only a description',
      'copy-disk',
      '# Disk DescriptorFile\nRW 1 FLAT "/etc/shadow" 0\n',
      'disk-outside',
      /description/,
    ],
    [
      'a VMDK that hides a description',
      'copy-disk',
      vmdk('RW 1 FLAT "/etc/shadow" 0', 0n),
      'disk-outside',
      /description/,
    ],
    [
      'a VMDK with a parent',
      'copy-disk',
      vmdk('parentCID=deadbeef\nparentFileNameHint="/etc/shadow"'),
      'disk-outside',
      /\/etc\/shadow/,
    ],
    [
      'a VMDK with a parent of no name',
      'copy-disk',
      vmdk('parentCID=deadbeef\n'),
      'disk-outside',
      /made from/,
    ],
  ])('%s', async (_, use, content, code, words) => {
    await using place = await sandbox();
    const file = await put(place, 'x', content);
    await expect(examine(place, file, use)).rejects.toMatchObject({
      code,
      message: expect.stringMatching(words),
    });
  });

  test('what is no file at all', async () => {
    await using place = await sandbox();
    await expect(examine(place, join(place.root, 'none'), 'install')).rejects.toMatchObject({
      code: 'file-missing',
    });
    await expect(examine(place, place.root, 'copy-disk')).rejects.toMatchObject({ code: 'file-unreadable' });
    await expect(examine(place, 'a.iso', 'install')).rejects.toMatchObject({ code: 'bad-request' });
    execFileSync('mkfifo', [join(place.root, 'pipe')]);
    await expect(examine(place, join(place.root, 'pipe'), 'install')).rejects.toMatchObject({
      code: 'file-unreadable',
    });
  });

  test('a size for a disk that is used as it is', async () => {
    await using place = await sandbox();
    const file = await put(place, 'a.raw', disk);
    await expect(examine(place, file, 'use-disk', 2 ** 30)).rejects.toMatchObject({ code: 'bad-request' });
  });

  test('a disk of another machine, whatever name it is given by', async () => {
    await using place = await sandbox();
    const file = await put(place, 'a.raw', disk);
    await putMachine(place.paths, `${definitionText()}disks: [{ file: ${file}, format: raw }]\n`);
    await symlink(file, join(place.root, 'soft.raw'));
    await link(file, join(place.root, 'hard.raw'));
    for (const name of ['a.raw', 'soft.raw', 'hard.raw']) {
      await expect(examine(place, join(place.root, name), 'use-disk')).rejects.toMatchObject({
        code: 'disk-used',
        facts: { machines: ['tiny'] },
      });
    }
  });

  test('a disk on which a disk of another machine rests', async () => {
    await using place = await sandbox();
    const base = await put(place, 'base.raw', disk);
    const directory = await putMachine(
      place.paths,
      `${definitionText()}disks: [{ file: disks/a.qcow2, format: qcow2 }]\n`,
    );
    await mkdir(join(directory, 'disks'));
    const overlay = qcow2Image({ backing: base, backingFormat: 'raw' });
    await writeFile(join(directory, 'disks/a.qcow2'), overlay);
    await expect(examine(place, base, 'use-disk')).rejects.toMatchObject({ code: 'disk-used' });
  });
});

describe('the machine that suits a medium', () => {
  const windows: GuestFacts = {
    ...unknownGuest('win11'),
    kernel: 'windows',
    secureBoot: 'required',
    tpm: 'required',
    lacks: ['virtio-disk', 'virtio-net'],
  };

  test('boots its disk first, then the medium, which goes when it has done its work', async () => {
    await using place = await sandbox();
    const file = await put(place, 'a.iso', isoBytes());
    expect(await draftFromMedium({ use: 'install', file, diskSize: 7 }, 'x86_64')).toMatchObject({
      boot: { type: 'uefi', secureBoot: false },
      disks: [{ file: 'disks/system.qcow2', format: 'qcow2', size: 7, bus: 'virtio', bootIndex: 0 }],
      removable: [{ type: 'cdrom', file, detach: 'after-install', bootIndex: 1 }],
      nics: [{ type: 'user', model: 'virtio' }],
      sound: 'hda',
      input: 'usb',
    });
  });

  test('on ARM and RISC-V nothing is on SATA, which their firmware does not know', async () => {
    await using place = await sandbox();
    const content = isoBytes();
    const file = await put(place, 'a.iso', content);
    expect(await draftFromMedium({ use: 'install', file, diskSize: 7 }, 'riscv64')).toMatchObject({
      disks: [{ bus: 'virtio' }],
      removable: [{ bus: 'usb' }],
    });
    expect(await draftFromMedium({ use: 'install', file, diskSize: 7 }, 'aarch64', windows)).toMatchObject({
      disks: [{ bus: 'nvme' }],
      removable: [{ bus: 'usb' }],
    });
  });

  test('has what Windows has drivers for and insists on', async () => {
    await using place = await sandbox();
    const file = await put(place, 'win.iso', isoBytes());
    expect(await draftFromMedium({ use: 'install', file, diskSize: 7 }, 'x86_64', windows)).toMatchObject({
      guestOs: 'win11',
      boot: { type: 'uefi', secureBoot: true },
      tpm: 'emulated',
      disks: [{ bus: 'sata' }],
      nics: [{ model: 'e1000e' }],
    });
  });

  const esp = 'c12a7328-f81f-11d2-ba4b-00a0c93ec93b';
  test.each<[string, Buffer, 'x86_64' | 'aarch64', string]>([
    ['a disk with a place for EFI programs', gptDisk([{ type: esp }]), 'x86_64', 'uefi'],
    ['an old disk with one', mbrDisk([{ type: 0xef, active: false }]), 'x86_64', 'uefi'],
    ['an old disk', disk, 'x86_64', 'bios'],
    ['a new disk without one', gptDisk([{ type: esp.replace('c', 'd') }]), 'x86_64', 'bios'],
    ['any disk where there never was a BIOS', disk, 'aarch64', 'uefi'],
  ])('starts %s', async (_, content, architecture, type) => {
    await using place = await sandbox();
    expect((await bootOf(await put(place, 'a.raw', content), 'raw', architecture)).type).toBe(type);
  });
});
