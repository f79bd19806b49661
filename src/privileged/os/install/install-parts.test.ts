// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from 'vitest';
import { PhyllomeError } from '../../../contract/errors.ts';
import type { InstallOffer } from '../../../contract/os-install.ts';
import { installDefinitions } from './definitions.ts';
import { networkFile } from './network-file.ts';
import { makeRecoveryKey } from './recovery-key.ts';
import { requireTarget } from './require-target.ts';
import { rootFiles } from './root-tree.ts';
import { readMade } from './write-disk.ts';

const disk = {
  id: 'wwn:1',
  name: 'SSD 256GB',
  path: '/dev/sda',
  model: 'SSD 256GB',
  serial: '1',
  size: 2 ** 38,
  sectorSize: 512,
  bus: 'sata',
  removable: false,
  table: null,
  partitions: [],
  refused: null,
  warnings: [],
};
const offer: InstallOffer = {
  live: true,
  edition: 'headless',
  version: '1',
  runsFrom: '/dev/sdb',
  tpm: true,
  secureBoot: false,
  smallest: 2 ** 33,
  disks: [disk],
};
const wish = {
  disk: { id: 'wwn:1', confirmation: 'SSD 256GB' },
  expected: { path: '/dev/sda', size: 2 ** 38 },
};

describe('the last look before a disk is written', () => {
  test('takes the one that was chosen', () => {
    expect(requireTarget(offer, wish)).toBe(disk);
  });

  test('finds everything that changed since', () => {
    const refused = { reason: 'in-use', text: 'it is mounted at /mnt' } as const;
    const cases: [InstallOffer, string][] = [
      [{ ...offer, live: false }, 'install-not-live'],
      [{ ...offer, disks: [] }, 'install-disk-unknown'],
      [{ ...offer, disks: [{ ...disk, path: '/dev/sdc' }] }, 'install-disk-changed'],
      [{ ...offer, disks: [{ ...disk, size: 2 ** 37 }] }, 'install-disk-changed'],
      [{ ...offer, disks: [{ ...disk, refused }] }, 'install-disk-refused'],
      [{ ...offer, disks: [{ ...disk, name: 'SSD 256GB 1' }] }, 'install-not-confirmed'],
    ];
    for (const [changed, code] of cases) {
      let error: unknown;
      try {
        requireTarget(changed, wish);
      } catch (thrown) {
        error = thrown;
      }
      expect((error as PhyllomeError).code).toBe(code);
    }
  });
});

test('the definitions copy the slot under its version', () => {
  const files = installDefinitions({ version: '7.1', encrypt: 'key-file+tpm2' });
  expect(files['21-usr.conf.d/install.conf']).toBe('[Partition]\nLabel=phyllome_7.1\nCopyBlocks=auto\n');
  expect(files['40-root.conf.d/install.conf']).toContain('Encrypt=key-file+tpm2');
});

test('of two slots, the partitions that were made are known by the first', () => {
  const made = readMade(
    'noise\n[{"type":"esp","node":"/dev/sda1"},{"type":"usr-x86-64","node":"/dev/sda3"},{"type":"usr-x86-64","node":"/dev/sda5"},{"type":"root-x86-64","node":"/dev/sda6"}]',
  );
  expect(made.get('usr-x86-64')).toBe('/dev/sda3');
  expect(() => readMade('nothing')).toThrow(PhyllomeError);
});

test('a recovery key has 256 bits in letters that are the same on most keyboards', () => {
  const key = makeRecoveryKey(Uint8Array.from({ length: 32 }, (_, index) => index * 8));
  expect(key).toMatch(/^([cbdefghijklnrtuv]{8}-){7}[cbdefghijklnrtuv]{8}$/);
  expect(makeRecoveryKey()).not.toBe(makeRecoveryKey());
});

test('secrets are files of root alone, and nothing else is secret', () => {
  const files = rootFiles(
    {
      ...wish,
      hostname: 'attic',
      user: { name: 'ada', password: 'correct horse' },
      keyboard: 'ch(fr)',
      timezone: 'UTC',
      locale: 'fr_FR.UTF-8',
      wifi: { name: 'Attic; one', password: ' back\\slash' },
      access: '{}',
    },
    { passwordHash: '$6$salt$hash', admins: 'sudo', shell: '/bin/bash' },
  );
  const secrets = Object.entries(files).filter(([, { mode }]) => mode === 0o600);
  expect(secrets.map(([path]) => path)).toEqual([
    'etc/credstore/passwd.hashed-password.ada',
    'etc/NetworkManager/system-connections/phyllome-wifi.nmconnection',
  ]);
  expect(JSON.stringify(files)).not.toContain('correct horse');
  expect(files['etc/vconsole.conf']?.text).toBe('KEYMAP=ch\nXKBLAYOUT=ch\nXKBVARIANT=fr\n');
  expect(files['etc/sysusers.d/phyllome-owner.conf']?.text).toContain('m ada sudo');
});

test('a network of any name is written so that NetworkManager reads it back', () => {
  const text = networkFile({ name: 'Attic; one', password: ' back\\slash' }, 'u');
  expect(text).toContain(`ssid=${[...Buffer.from('Attic; one')].join(';')};`);
  expect(text).toContain('psk=\\sback\\\\slash');
  expect(networkFile({ name: 'open' }, 'u')).not.toContain('wifi-security');
});
