// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { parseDefinition } from '../contract/definition.ts';
import type { MachineDefinition, VmmName } from '../contract/machine.ts';
import { changeText } from './definition-change.ts';
import { writeDefinitionText } from './definition-file.ts';
import { backDefinition, switchedDefinition, type SwitchFacts } from './switched-definition.ts';
import { someId } from './testing.ts';

const machine = (more: object = {}): MachineDefinition =>
  parseDefinition({
    formatVersion: 1,
    id: someId,
    name: 'm',
    architecture: 'x86_64',
    memory: '1GiB',
    boot: { type: 'uefi' },
    disks: [{ file: 'disks/system.qcow2', format: 'qcow2', bus: 'sata' }],
    nics: [{ type: 'user', model: 'e1000e' }],
    ...more,
  });
const nothing: SwitchFacts = { uefi: true, fallbackLoader: true, guestKernel: false, exists: () => false };
const after = (definition: MachineDefinition, vmm: VmmName, facts: Partial<SwitchFacts> = {}) => {
  const { changes } = switchedDefinition(definition, vmm, { ...nothing, ...facts });
  return changeText(writeDefinitionText(definition), changes).definition;
};

test.each<[string, VmmName, object, Partial<SwitchFacts>, string]>([
  ['UEFI stays where the firmware needs no variables', 'cloud-hypervisor', {}, {}, 'uefi'],
  ['no boot loader at the default place', 'cloud-hypervisor', {}, { fallbackLoader: false }, 'guest-kernel'],
  ['no firmware for it here', 'cloud-hypervisor', {}, { uefi: false }, 'guest-kernel'],
  ['as its owner wishes', 'cloud-hypervisor', {}, { guestKernel: true }, 'guest-kernel'],
  ['Firecracker has no firmware', 'firecracker', {}, {}, 'guest-kernel'],
  ['nor crosvm', 'crosvm', {}, {}, 'guest-kernel'],
  ['BIOS', 'cloud-hypervisor', { boot: { type: 'bios' } }, {}, 'guest-kernel'],
  ['QEMU takes everything', 'qemu', { boot: { type: 'bios' } }, { fallbackLoader: false }, 'bios'],
  ['a kernel of its own stays', 'firecracker', { boot: { type: 'kernel', kernel: 'k' } }, {}, 'kernel'],
  ['and so does the one on the disk', 'qemu', { boot: { type: 'guest-kernel' } }, {}, 'guest-kernel'],
])('boot: %s (%s)', (_, vmm, more, facts, boot) => {
  expect(after(machine(more), vmm, facts).boot.type).toBe(boot);
});

test('for a VMM that knows little, disks become raw and all devices virtio', () => {
  expect(after(machine(), 'firecracker')).toMatchObject({
    vmm: 'firecracker',
    disks: [{ file: 'disks/system.raw', format: 'raw', bus: 'virtio' }],
    nics: [{ type: 'user', model: 'virtio' }],
  });
});

test('QEMU keeps the devices and the disks, unless the kernel is read from one', () => {
  expect(after(machine(), 'qemu')).toMatchObject({
    disks: [{ file: 'disks/system.qcow2', bus: 'sata' }],
    nics: [{ model: 'e1000e' }],
  });
  const two = machine({
    disks: [
      { file: 'a.qcow2', format: 'qcow2' },
      { file: 'b.qcow2', format: 'qcow2' },
    ],
  });
  expect(after(two, 'qemu', { guestKernel: true }).disks.map(({ file }) => file)).toEqual([
    'a.raw',
    'b.qcow2',
  ]);
});

test('a copy gets a name that nothing has, and what lies outside stays there', () => {
  const disks = [
    { file: 'disks/a.qcow2', format: 'qcow2' },
    { file: 'disks/a.raw', format: 'raw' },
    { file: '/srv/a.qcow2', format: 'qcow2' },
  ];
  const { conversions } = switchedDefinition(machine({ disks }), 'crosvm', {
    ...nothing,
    exists: (file) => file === 'disks/a-2.raw',
  });
  expect(conversions).toEqual([
    { disk: 0, file: 'disks/a.qcow2', copy: 'disks/a-3.raw' },
    { disk: 2, file: '/srv/a.qcow2', copy: 'disks/a-4.raw' },
  ]);
});

test('a machine that is there already has nothing to change', () => {
  const there = after(machine(), 'firecracker');
  expect(switchedDefinition(there, 'firecracker', nothing).changes).toEqual([]);
});

test('what Secure Boot no longer does is said', () => {
  const { notes } = switchedDefinition(
    machine({ boot: { type: 'uefi', secureBoot: true } }),
    'firecracker',
    nothing,
  );
  expect(notes.join(' ')).toContain('Secure Boot no longer');
});

test('the way back restores VMM, boot and buses, and nothing that was changed meanwhile', () => {
  const before = machine();
  const there = { ...after(before, 'firecracker'), memory: 2 ** 31 };
  const changes = backDefinition(there, before);
  const back = changeText(writeDefinitionText(there), changes).definition;
  expect(back).toEqual({
    ...before,
    memory: 2 ** 31,
    disks: [{ ...before.disks[0], file: 'disks/system.raw', format: 'raw' }],
  });
  expect(backDefinition(back, before)).toEqual([]);
});

test('devices that came meanwhile are left alone', () => {
  const before = machine();
  const there = after(before, 'firecracker');
  const more = {
    ...there,
    disks: [{ ...there.disks[0]!, file: 'disks/new.raw' }, there.disks[0]!],
    nics: [{ type: 'none' as const, model: 'virtio' as const }],
  };
  expect(backDefinition(more, before).map(({ path }) => path)).toEqual([
    ['vmm'],
    ['boot'],
    ['disks', 1, 'bus'],
  ]);
});
