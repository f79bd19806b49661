// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { commandLineProblem, withConsole } from './command-line.ts';
import { isGuestDevice, parseFileSystems, parseFolder } from './fstest-listing.ts';
import { deviceOf } from './locate-file.ts';
import { newestPair } from './plain-kernel.ts';

const listing = `Device proc: Filesystem type procfs - Sector size 512B - Total size 0KiB
Device lvm/vg-root: Filesystem type xfs, UUID aaaaaaaa-1111-4111-8111-111111111111 - Sector size 512B - Total size 1KiB
Device loop0: No known filesystem detected - Sector size 512B - Total size 262144KiB
	Partition loop0,gpt2: Filesystem type ext* - Label \`my root' - Last modification time 2026-11-25 14:14:29 Wednesday, UUID 16aec6a1-1ddf-4bff-a245-fc9fe7eab602 - Partition start at 33792KiB - Total size 65536KiB
	Partition loop0,gpt1: Filesystem type fat, UUID 29E3-4917 - Partition start at 1024KiB - Total size 32768KiB
Device host: Filesystem type hostfs - Sector size 512B - Total size 0KiB
`;

test('file systems of the guest, and no others', () => {
  expect(parseFileSystems(listing)).toEqual([
    { device: 'lvm/vg-root', type: 'xfs', uuid: 'aaaaaaaa-1111-4111-8111-111111111111', label: null },
    { device: 'loop0,gpt2', type: 'ext*', uuid: '16aec6a1-1ddf-4bff-a245-fc9fe7eab602', label: 'my root' },
    { device: 'loop0,gpt1', type: 'fat', uuid: '29E3-4917', label: null },
  ]);
});

test('no listing names a file of this PC', () => {
  for (const device of ['host', 'proc', 'hd0', 'loop0)/(host', 'loop1', '', 'lvm/x)/y'])
    expect(isGuestDevice(device)).toBe(false);
  fc.assert(
    fc.property(fc.string(), (noise) => {
      for (const { device } of parseFileSystems(
        `${listing}\nDevice host${noise}: Filesystem type ext*\n${noise}`,
      ))
        expect(device).not.toMatch(/host|proc|[()]/);
    }),
  );
});

test('folders and files', () => {
  const text =
    'DIR          20261125141846 lost+found/\n12           20261125141846 a b  c\n3            no time\n\n';
  expect(parseFolder(text)).toEqual([
    { name: 'lost+found', folder: true, stamp: 'DIR 20261125141846' },
    { name: 'a b  c', folder: false, stamp: '12 20261125141846' },
    { name: 'no time', folder: false, stamp: '3 ' },
  ]);
});

test.each([
  ['uuid:29e3-4917', 'loop0,gpt1'],
  ['label:my root', 'loop0,gpt2'],
  ['hd0,gpt2', 'loop0,gpt2'],
  ['hd0,2', 'loop0,gpt2'],
  ['lvm/vg-root', 'lvm/vg-root'],
  ['hd1,gpt2', null],
  ['host', null],
  ['', null],
])('the device %s is %s', (named, device) => {
  expect(deviceOf(named, parseFileSystems(listing))).toBe(device);
});

test.each([
  [
    ['vmlinuz-6.1.0-9-amd64', 'vmlinuz-6.1.0-10-amd64', 'initrd.img-6.1.0-10-amd64'],
    'vmlinuz-6.1.0-10-amd64',
    'initrd.img-6.1.0-10-amd64',
  ],
  [
    ['vmlinuz-0-rescue-abc', 'vmlinuz-6.9.fc40', 'initramfs-6.9.fc40.img'],
    'vmlinuz-6.9.fc40',
    'initramfs-6.9.fc40.img',
  ],
  [
    ['vmlinuz-linux', 'initramfs-linux.img', 'initramfs-linux-fallback.img'],
    'vmlinuz-linux',
    'initramfs-linux.img',
  ],
  [['vmlinuz-virt', 'initramfs-virt', 'grub'], 'vmlinuz-virt', 'initramfs-virt'],
  [['config-6.1'], null, null],
])('of %j the newest kernel is %s with %s', (names, kernel, initrd) => {
  expect(newestPair(names)).toEqual({ kernel, initrd });
});

const pc = { architecture: 'x86_64', screen: false, serial: true } as const;
test.each([
  ['root=/dev/vda1 ro', pc, 'root=/dev/vda1 ro console=ttyS0'],
  ['', { ...pc, screen: true }, 'console=tty0 console=ttyS0'],
  ['console=ttyS0,115200n8 ro', pc, 'console=ttyS0,115200n8 ro'],
  ['console=tty1', { ...pc, screen: true }, 'console=tty1 console=ttyS0'],
  ['xconsole=ttyS0', pc, 'xconsole=ttyS0 console=ttyS0'],
  ['console=hvc0', pc, 'console=hvc0'],
  ['ro', { ...pc, serial: false }, 'ro'],
  ['ro', { ...pc, architecture: 'aarch64' as const }, 'ro console=ttyS0 console=ttyAMA0'],
])('"%s" becomes "%s"', (line, talk, expected) => {
  expect(withConsole(line, talk)).toBe(expected);
});

test('lines that no kernel takes', () => {
  expect(commandLineProblem('x'.repeat(2047))).toBeNull();
  expect(commandLineProblem('x'.repeat(2048))).toContain('2048');
  expect(commandLineProblem('a\nb')).not.toBeNull();
});
