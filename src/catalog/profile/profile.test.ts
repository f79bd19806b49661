// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from 'vitest';
import { MachineDefinition } from '../../contract/machine.ts';
import { parseDefinition } from '../../contract/definition.ts';
import { architectures } from '../../contract/machine.ts';
import { factsOfOsinfo, unknownGuest, type GuestFacts } from './guest-facts.ts';
import { profileFor } from './profile.ts';
import { shortcomings } from './shortcomings.ts';

const GiB = 2 ** 30;
const guest = (facts: Partial<GuestFacts>): GuestFacts => ({ ...unknownGuest(), ...facts });
const win11 = guest({
  id: 'win11',
  name: 'Windows 11',
  kernel: 'windows',
  released: '2021-10-05',
  lacks: ['virtio-disk', 'virtio-net', 'virtio-gpu', 'virtio-input', 'agent'],
  firmware: 'uefi',
  secureBoot: 'required',
  tpm: 'required',
  minimum: { vcpus: 2, memoryBytes: 4 * GiB, diskBytes: 64 * GiB },
});
const debian = guest({ id: 'debian13', name: 'Debian 13', kernel: 'linux', secureBoot: 'supported' });
const freedos = guest({
  id: 'freedos1.4',
  name: 'FreeDOS 1.4',
  lacks: ['virtio-disk', 'virtio-net', 'virtio-gpu', 'virtio-input', 'usb', 'hda', 'acpi', 'agent'],
  firmware: 'bios',
  tpm: 'unsupported',
});

describe('Windows 11', () => {
  test('without drivers gets what it knows itself', () => {
    const { draft, diskBus, drives } = profileFor(win11, 'x86_64');
    expect(draft).toMatchObject({
      guestOs: 'win11',
      boot: { type: 'uefi', secureBoot: true },
      tpm: 'emulated',
      clock: 'local',
      nics: [{ type: 'user', model: 'e1000e' }],
      display: { device: 'vga' },
      sound: 'hda',
      input: 'usb',
    });
    expect([diskBus, drives]).toEqual(['sata', []]);
  });

  test('with the CD of drivers gets the fast devices, and the CD', () => {
    const { draft, diskBus, drives } = profileFor(win11, 'x86_64', { drivers: '/isos/virtio-win.iso' });
    expect(draft).toMatchObject({ nics: [{ model: 'virtio' }], display: { device: 'virtio' } });
    expect(diskBus).toBe('virtio');
    expect(drives).toEqual([{ type: 'cdrom', file: '/isos/virtio-win.iso', bus: 'sata' }]);
  });

  test('on a PC without swtpm and signed firmware still gets a machine, and it is said', () => {
    const { draft, choices } = profileFor(win11, 'x86_64', { host: { tpm: false, secureBoot: false } });
    expect(draft).toMatchObject({ boot: { type: 'uefi', secureBoot: false }, tpm: 'none' });
    const reasons = choices.filter(({ key }) => key === 'tpm' || key === 'boot.secureBoot');
    expect(reasons.map(({ reason }) => reason).join(' ')).toMatch(/no firmware .* swtpm is not installed/);
  });

  test('for Arm gets NVMe and the only screen that its firmware knows', () => {
    const { draft, diskBus, driveBus } = profileFor(win11, 'aarch64');
    expect([diskBus, driveBus]).toEqual(['nvme', 'usb']);
    expect(draft).toMatchObject({ display: { device: 'virtio' } });
  });

  test('is told what it would miss', () => {
    const small = {
      cpu: { vcpus: 1 },
      memory: 2 * GiB,
      boot: { type: 'bios' as const },
      tpm: 'none' as const,
    };
    const disks = [{ size: 40 * GiB }] as never;
    expect(shortcomings(win11, { ...small, disks })).toEqual([
      'Windows 11 wants 2 processors; this machine has 1.',
      'Windows 11 wants 4GiB of memory; this machine has 2GiB.',
      'Windows 11 wants a disk of 64GiB; that of this machine has 40GiB.',
      'Windows 11 wants UEFI with Secure Boot; this machine has none.',
      'Windows 11 wants a TPM; this machine has none.',
    ]);
  });
});

test('Linux gets virtio everywhere, and its sound where this QEMU has it', () => {
  expect(profileFor(debian, 'x86_64').draft).toMatchObject({
    boot: { type: 'uefi', secureBoot: false },
    tpm: 'none',
    clock: 'utc',
    sound: 'hda',
    display: { device: 'virtio' },
  });
  expect(profileFor(debian, 'x86_64', { host: { virtioSound: true } }).draft['sound']).toBe('virtio');
  const old = guest({ id: 'debian11', kernel: 'linux' });
  expect(profileFor(old, 'x86_64', { host: { virtioSound: true } }).draft['sound']).toBe('hda');
});

test('FreeDOS gets a PC of its time', () => {
  const { draft, diskBus } = profileFor(freedos, 'x86_64');
  expect(diskBus).toBe('sata');
  expect(draft).toMatchObject({
    boot: { type: 'bios' },
    clock: 'local',
    sound: 'none',
    input: 'ps2',
    agent: false,
    nics: [{ model: 'e1000e' }],
  });
});

test('what osinfo-db does not name a driver for is not given', () => {
  const facts = factsOfOsinfo({
    id: 'http://example.org/old',
    shortId: 'old1',
    name: 'Old 1',
    version: '1',
    family: 'linux',
    distro: 'old',
    released: '2005-01-01',
    ends: null,
    minimum: null,
    recommended: null,
    devices: ['e1000', 'ich6', 'tablet'],
    firmware: [],
  });
  expect(facts.lacks).toEqual(['virtio-disk', 'virtio-net', 'virtio-gpu', 'virtio-input']);
});

test('every draft is a definition, and every choice has its reason', () => {
  const options = [{}, { drivers: '/a.iso' }, { unattended: true, host: { virtioSound: true, tpm: false } }];
  for (const facts of [win11, debian, freedos, unknownGuest()])
    for (const architecture of architectures)
      for (const option of options) {
        const { draft, diskBus, drives, choices } = profileFor(facts, architecture, option);
        const id = '6f1c9f0e-1f2d-4c3b-8a59-0d1e2f3a4b5c';
        const disks = [{ file: 'a.qcow2', format: 'qcow2', bus: diskBus }];
        const rest = { formatVersion: 1, id, name: 'a', architecture, memory: GiB, disks, removable: drives };
        const definition = parseDefinition({ ...draft, ...rest });
        expect(definition.guestOs).toBe(facts.id);
        for (const { key, value, reason } of choices) {
          expect(Object.keys(MachineDefinition.properties)).toContain(key.split('.')[0]);
          expect(value).not.toBe('');
          expect(reason).toMatch(/^[A-Z].{12,}\.$/s);
        }
      }
});
