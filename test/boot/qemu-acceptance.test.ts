// SPDX-License-Identifier: Apache-2.0
//
// Every way a definition can turn into a plan is shown to the real QEMU: does it take the arguments?
import { describe, expect, test } from 'vitest';
import { launch, type Refused } from './qemu-launch.ts';

const uefi = { type: 'uefi' };
const disk = (bus: string, more: object = {}) => ({
  file: `disks/${bus}.qcow2`,
  format: 'qcow2',
  bus,
  ...more,
});
// Another run of these tests may be going on.
const hostPort = 20_000 + (process.pid % 10_000);
const user = {
  type: 'user',
  forwards: [
    { hostPort, guestPort: 22 },
    { protocol: 'udp', hostPort, guestPort: 53 },
  ],
};

const x86: Record<string, object> = {
  'as small as can be': {
    serialPorts: 0,
    rng: false,
    balloon: false,
    agent: false,
    display: { type: 'none' },
  },
  'all defaults': {},
  'direct kernel boot': {
    boot: { type: 'kernel', kernel: 'kernel/vmlinuz', commandLine: 'console=ttyS0 a,b "c"' },
  },
  UEFI: { boot: uefi },
  'UEFI with Secure Boot and TPM': { boot: { ...uefi, secureBoot: true }, tpm: 'emulated' },
  'BIOS with TPM': { tpm: 'emulated' },
  Windows: { guestOs: 'win11', boot: { ...uefi, secureBoot: true }, tpm: 'emulated', memory: '128MiB' },
  'processors with a topology': { cpu: { vcpus: 8, topology: { sockets: 2, cores: 2, threads: 2 } } },
  'an odd number of processors': { cpu: { vcpus: 3 } },
  'an odd amount of memory': { memory: 67_108_865 },
  'a disk on every bus': { disks: ['virtio', 'scsi', 'nvme', 'sata', 'usb'].map((bus) => disk(bus)) },
  'a disk on every bus with all its options': {
    disks: ['virtio', 'scsi', 'nvme', 'sata', 'usb'].map((bus, bootIndex) =>
      disk(bus, { serial: `S-${bus}`, bootIndex, cache: 'writethrough', discard: 'ignore' }),
    ),
  },
  'raw disks, all caches': {
    disks: ['writeback', 'none', 'writethrough', 'unsafe'].map((cache) => ({
      file: `disks/${cache}.raw`,
      format: 'raw',
      cache,
    })),
  },
  'read-only disks': { disks: ['virtio', 'scsi', 'nvme', 'usb'].map((bus) => disk(bus, { readOnly: true })) },
  'as many disks as there can be': {
    disks: Array.from({ length: 32 }, (_, index) => ({ ...disk('virtio'), file: `disks/${index}.qcow2` })),
    nics: Array.from({ length: 8 }, () => ({ type: 'none' })),
  },
  'more SATA disks than one controller takes': {
    disks: Array.from({ length: 32 }, (_, index) => ({ ...disk('sata'), file: `disks/${index}.qcow2` })),
    removable: [{ type: 'cdrom' }],
  },
  'drives with and without discs': {
    removable: [
      { type: 'cdrom', file: 'iso/a.iso' },
      { type: 'cdrom', bus: 'scsi', file: 'iso/b.iso' },
      { type: 'cdrom', bus: 'usb', file: 'iso/c.iso' },
      { type: 'cdrom' },
    ],
  },
  'empty drives': {
    removable: [{ type: 'cdrom', bus: 'scsi' }, { type: 'cdrom', bus: 'usb' }, { type: 'cdrom' }],
  },
  'all kinds of network cards': {
    nics: [
      user,
      { type: 'user', model: 'e1000e' },
      { type: 'none', model: 'e1000e' },
      { type: 'none', mac: '02:00:00:00:00:01' },
    ],
  },
  'network boot': {
    nics: [
      { type: 'user', bootIndex: 0 },
      { type: 'user', model: 'e1000e', bootIndex: 1 },
    ],
  },
  'network boot with UEFI': {
    boot: uefi,
    nics: [
      { type: 'user', bootIndex: 0 },
      { type: 'user', model: 'e1000e', bootIndex: 1 },
    ],
  },
  'VGA display': { display: { device: 'vga' } },
  'virtio input': { input: 'virtio' },
  'PS/2 input': { input: 'ps2' },
  'HDA sound': { sound: 'hda' },
  'virtio sound, or none where QEMU has none': { sound: 'virtio' },
  'vsock, or none where the kernel has none': { vsock: { cid: 77 } },
  'a name with comma, quotes and emoji': { name: `a,b=c "d" 'e' 🐧 ü` },
};

describe('x86_64', () => {
  test.for(Object.entries(x86))('%s', async ([, draft]) => {
    expect(await trial(draft)).toEqual(fine);
  });

  test('paths with commas, quotes, spaces and equals signs', async () => {
    const folder = `a,b=c "d' ü`;
    const boot = { type: 'kernel', kernel: 'kernel/a,b' };
    const removable = [{ type: 'cdrom', file: 'iso/x,y.iso' }];
    expect(await trial({ boot, tpm: 'emulated', disks: [disk('virtio')], removable }, folder)).toEqual(fine);
  });

  test('QXL display, refused where its module is not installed', async () => {
    const outcome = await trial({ display: { device: 'qxl' } }).catch((error: Refused) => error.codes);
    expect([fine, ['display-device-missing']]).toContainEqual(outcome);
  });

  test("QEMU's own network in place of passt", async () => {
    const passt = { available: false as const, reason: 'not wanted here' };
    await using machine = await launch({ nics: [user] }, { report: { passt } });
    expect(machine.plan.helpers).toEqual([]);
    expect(await machine.session.state()).toBe('prelaunch');
  });
});

describe.for(['aarch64', 'riscv64'])('%s', (architecture) => {
  const kernel = { type: 'kernel', kernel: 'kernel/vmlinuz' };
  const everything = {
    architecture,
    boot: kernel,
    cpu: { vcpus: 4 },
    memory: '128MiB',
    disks: ['virtio', 'scsi', 'nvme', 'sata', 'usb'].map((bus) => disk(bus)),
    removable: [
      { type: 'cdrom', file: 'iso/a.iso' },
      { type: 'cdrom', bus: 'usb' },
    ],
    nics: [user, { type: 'none' }],
    sound: 'hda',
  };
  test('everything at once', async () => {
    expect(await trial(everything)).toEqual(fine);
  });
  test('virtio input', async () => {
    expect(await trial({ architecture, boot: kernel, input: 'virtio' })).toEqual(fine);
  });
  test('TPM', async () => {
    expect(await trial({ architecture, boot: kernel, tpm: 'emulated' })).toEqual(fine);
  });
});

test('aarch64 with UEFI', async () => {
  expect(await trial({ architecture: 'aarch64', boot: uefi, tpm: 'emulated' })).toEqual(fine);
});
test('aarch64 with Secure Boot', async () => {
  expect(await trial({ architecture: 'aarch64', boot: { ...uefi, secureBoot: true } })).toEqual(fine);
});

const fine = { state: 'prelaunch', exit: { code: 0, signal: null }, warnings: [] };

/** Starts QEMU up to the point where the guest would run, looks whether all is well, and ends it. */
async function trial(draft: object, folder?: string) {
  await using machine = await launch(draft, folder === undefined ? {} : { folder });
  const state = await machine.session.state();
  await machine.session.quit();
  const exit = await machine.ended;
  // Warnings are meant for us: an option that goes away, a device that is not connected.
  const warnings = (await machine.log()).split('\n').filter((line) => line !== '' && !expected.test(line));
  return { state, exit, warnings };
}

// A card without a cable is what was asked for. The processor that TCG plays cannot show threads; guests cope.
const expected = /hub \d+ is not connected to host network|hyperthreading|topoext/;
