// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { judge } from './judge.ts';
import { firmware, machine, report, tcgReport } from './testing.ts';
import type { QemuReport } from './report.ts';

const uefi = { type: 'uefi' };
const kernel = { type: 'kernel', kernel: 'k' };
const { answers, tools, firmware: installed } = report();
const without = (driver: string) => ({
  answers: { ...answers, devices: answers.devices.filter((name) => name !== driver) },
});
const missing = (name: keyof QemuReport['tools']) => ({
  tools: { ...tools, [name]: { path: null, install: `install ${name}` } },
});
const disks = (count: number, bus: string) =>
  Array.from({ length: count }, (_, index) => ({ file: `${index}`, format: 'raw', bus }));

test('a machine with everything runs on a PC with everything', () => {
  const definition = machine({
    boot: { ...uefi, secureBoot: true },
    tpm: 'emulated',
    sound: 'virtio',
    vsock: { cid: 3 },
    nics: [{ type: 'user' }, { type: 'none' }],
    disks: disks(4, 'usb'),
    shares: [{ tag: 't', path: '/p', readOnly: true }],
  });
  expect(judge(definition, report())).toEqual({ refusals: [], losses: [] });
});

test.for<[string, object, Partial<QemuReport>]>([
  ['tool-missing', {}, missing('flock')],
  ['tool-missing', { tpm: 'emulated' }, missing('swtpm')],
  ['tpm-missing', { tpm: 'emulated' }, without('tpm-crb')],
  ['no-host-tpm', { tpm: 'passthrough' }, { hostTpm: 'this PC has none' }],
  ['host-tpm-holds-key', { tpm: 'passthrough', encryption: { key: 'tpm' } }, {}],
  ['board-missing', {}, { answers: { ...answers, machine: undefined } as unknown as QemuReport['answers'] }],
  ['too-many-vcpus', { cpu: { vcpus: 256 } }, {}],
  ['firmware-missing', { boot: uefi }, { firmware: { ...installed, found: [] } }],
  [
    'firmware-missing',
    { boot: { ...uefi, secureBoot: true } },
    { firmware: { ...installed, found: [firmware('plain', false)] } },
  ],
  ['bridge-unsupported', { nics: [{ type: 'bridge', bridge: 'br0' }] }, { cables: 'There is no root.' }],
  [
    'user-network-missing',
    { nics: [{ type: 'user' }] },
    { passt: { available: false, reason: 'x' }, answers: { ...answers, netdevs: [] } },
  ],
  ['usb-ports', { disks: disks(14, 'usb') }, {}],
  ['display-missing', {}, { answers: { ...answers, vnc: false } }],
  ['display-device-missing', {}, without('virtio-vga')],
  ['display-device-missing', { display: { device: 'qxl' } }, without('qxl-vga')],
  ['devices-unsupported', { devices: [{ type: 'usb', vendor: '0123', product: '4567' }] }, {}],
])('refused: %s %j', ([code, draft, more]) => {
  const { refusals, losses } = judge(machine(draft), report('x86_64', more));
  expect(refusals.map((reason) => reason.code)).toEqual([code]);
  expect(losses).toEqual([]);
  for (const { text, hint } of refusals) {
    expect(text).toMatch(/\.$/);
    expect(hint).not.toBe('');
  }
});

test.for<[string, object, Partial<QemuReport>]>([
  ['sound-missing', { sound: 'virtio' }, without('virtio-sound-pci')],
  ['vsock-missing', { vsock: { cid: 3 } }, { vhostVsock: false }],
  ['clipboard-missing', {}, { answers: { ...answers, chardevs: ['socket'] } }],
  ['share-missing', { shares: [{ tag: 't', path: '/p' }] }, missing('virtiofsd')],
  ['share-missing', { shares: [{ tag: 't', path: '/p' }] }, without('vhost-user-fs-pci')],
  [
    'share-helper-old',
    { shares: [{ tag: 't', path: '/p' }] },
    { virtiofsd: { current: false, readOnly: false } },
  ],
  [
    'share-read-only',
    { shares: [{ tag: 't', path: '/p', readOnly: true }] },
    { virtiofsd: { current: true, readOnly: false } },
  ],
])('runs without: %s %j', ([code, draft, more]) => {
  const { refusals, losses } = judge(machine(draft), report('x86_64', more));
  expect(refusals).toEqual([]);
  expect(losses.map((reason) => reason.code)).toEqual([code]);
});

test('every cause is named, not only the first', () => {
  const definition = machine({
    tpm: 'emulated',
    nics: [{ type: 'bridge', bridge: 'br0' }],
    cpu: { vcpus: 300 },
  });
  const there = report('x86_64', { ...missing('swtpm'), cables: 'There is no root.' });
  const codes = judge(definition, there).refusals.map(({ code }) => code);
  expect(codes).toEqual(['too-many-vcpus', 'bridge-unsupported', 'tool-missing']);
});

const arm = (draft: object) =>
  judge(machine({ architecture: 'aarch64', boot: kernel, ...draft }), tcgReport('aarch64'));

test('other boards have other displays and limits', () => {
  expect(arm({ cpu: { vcpus: 280 } }).refusals).toEqual([]);
  expect(arm({ display: { device: 'vga' } }).refusals.map(({ code }) => code)).toEqual([
    'display-device-unknown',
  ]);
});

test('an old QEMU is the reason, where firmware for RISC-V would not help', () => {
  const riscv = (version: string) =>
    judge(machine({ architecture: 'riscv64', boot: uefi }), report('riscv64', { version })).refusals;
  expect(riscv('8.0.4').map(({ code }) => code)).toEqual(['firmware-unsupported']);
  expect(riscv('8.1.0')).toEqual([]);
});

test('missing firmware says where it was looked for and what was wrong', () => {
  const problems = ['/usr/share/qemu/firmware/50.json names /x, which cannot be read.'];
  const { refusals } = judge(
    machine({ boot: uefi }),
    report('x86_64', { firmware: { ...installed, found: [], problems } }),
  );
  expect(refusals[0]?.text).toContain('/usr/share/qemu/firmware');
  expect(refusals[0]?.text).toContain('names /x');
  expect(refusals[0]?.hint).toContain('sudo apt install ovmf');
});

test('the firmware for ARM starts nothing from SATA, which is the usual bus of drives', () => {
  const losses = (draft: object, someReport = report('aarch64')) =>
    judge(machine({ architecture: someReport.architecture, boot: uefi, ...draft }), someReport).losses.map(
      ({ code }) => code,
    );
  expect(losses({ removable: [{ type: 'cdrom', file: '/i.iso' }] })).toEqual(['sata-not-bootable']);
  expect(losses({ disks: disks(1, 'sata') })).toEqual(['sata-not-bootable']);
  expect(losses({ removable: [{ type: 'cdrom', file: '/i.iso', bus: 'usb' }, { type: 'cdrom' }] })).toEqual(
    [],
  );
  expect(losses({ disks: disks(1, 'sata') }, report('x86_64'))).toEqual([]);
});
