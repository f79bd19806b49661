// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { parseDefinition } from '../../contract/definition.ts';
import { entriesFolder, readEntries } from '../../catalog/read-entries.ts';
import { createGuestProfiles } from './guest-profiles.ts';

let drivers: string | null = null;
const systems = readEntries(entriesFolder, (text) => expect.fail(text));
const profiles = createGuestProfiles({
  ours: () => systems,
  osinfo: { facts: async () => null },
  host: async () => ({ tpm: true, secureBoot: true }),
  drivers: async () => drivers,
});
const valueOf = (choices: { key: string; value: string }[], key: string) =>
  choices.find((choice) => choice.key === key)?.value;

test('an alias stands for its system', async () => {
  const { guestOs, name, choices } = await profiles.ofGuest('windows11', 'x86_64');
  expect([guestOs, name, valueOf(choices, 'tpm')]).toEqual(['win11', 'Windows 11', 'emulated']);
  expect(valueOf(choices, 'disks.bus')).toBe('sata');
  drivers = '/images/virtio-win.iso';
  const fast = await profiles.ofGuest('windows11', 'x86_64');
  drivers = null;
  expect(valueOf(fast.choices, 'disks.bus')).toBe('virtio');
});

test('what nobody knows gets what every system of today has', async () => {
  for (const id of ['generic', 'never-heard-of1']) {
    const { guestOs, choices, shortcomings } = await profiles.ofGuest(id, 'x86_64');
    expect([guestOs, valueOf(choices, 'disks.bus'), shortcomings]).toEqual([id, 'virtio', []]);
  }
});

test('a machine that is too small for its guest is told what that wants', async () => {
  const definition = parseDefinition({
    formatVersion: 1,
    id: '6f1c9f0e-1f2d-4c3b-8a59-0d1e2f3a4b5c',
    name: 'small',
    guestOs: 'win11',
    architecture: 'x86_64',
    memory: '2GiB',
    boot: { type: 'uefi' },
    disks: [{ file: 'disks/a.qcow2', format: 'qcow2', size: '40GiB', bus: 'sata' }],
  });
  const { shortcomings } = await profiles.ofMachine(definition);
  expect(shortcomings).toEqual([
    'Windows 11 wants 4GiB of memory; this machine has 2GiB.',
    'Windows 11 wants a disk of 64GiB; that of this machine has 40GiB.',
    'Windows 11 wants UEFI with Secure Boot; this machine has none.',
    'Windows 11 wants a TPM; this machine has none.',
  ]);
});
