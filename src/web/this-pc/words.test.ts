// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import type { HostReport, PciDevice, StorageReport } from '../../contract/host.ts';
import { cardName, groupDevices, mergeStorage, pcName } from './words.ts';

const dmi = (systemVendor: string | null, product: string | null, productVersion: string | null = null) =>
  ({ systemVendor, product, productVersion }) as HostReport['dmi'];

const at = (purpose: StorageReport['purpose'], mountPoint: string | null) =>
  ({ purpose, mountPoint }) as StorageReport;
const device = (address: string, iommuGroup: number | null) => ({ address, iommuGroup }) as PciDevice;

test('a PC is called what is written on it', () => {
  expect(pcName(dmi('Dell Inc.', 'XPS 13'))).toBe('Dell Inc. XPS 13');
  expect(pcName(dmi('LENOVO', '20XW0026', 'ThinkPad X1'))).toBe('LENOVO ThinkPad X1');
  expect(pcName(dmi('HP', 'HP ZBook'))).toBe('HP ZBook');
  expect(pcName(dmi('Framework', ''))).toBe('Framework');
  expect(pcName(dmi(null, null))).toBe(null);
});

test('a device without a name shows its ids', () => {
  const device = { vendor: null, device: null, vendorId: '8086', deviceId: '1234' } as PciDevice;
  expect(cardName(device)).toBe('8086:1234');
  expect(cardName({ ...device, vendor: 'Intel' })).toBe('Intel');
  expect(cardName({ ...device, vendorId: null, deviceId: null })).toBe(null);
});

test('folders on one file system are shown once, those of unknown ones each', () => {
  expect(
    mergeStorage([at('machines', '/'), at('cache', '/'), at('system', null), at('system', null)]).map(
      ({ purposes }) => purposes,
    ),
  ).toEqual([['machines', 'cache'], ['system'], ['system']]);
});

test('devices are grouped by number, those without a group last', () => {
  const groups = groupDevices([device('a', null), device('b', 10), device('c', 2), device('d', 10)]);
  expect(groups.map(({ group, devices }) => [group, devices.map(({ address }) => address)])).toEqual([
    [2, ['c']],
    [10, ['b', 'd']],
    [null, ['a']],
  ]);
});
