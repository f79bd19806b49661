// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { unpack } from '../recorded-pc.ts';
import { openTree } from '../tree.ts';
import { idNames } from './id-names.ts';

// As hwdata has it: vendors, devices with a tab, subsystems with two, classes at the end.
const list = `
[usr/share/misc/pci.ids]
#	List of PCI IDs
1000  Broadcom / LSI
	0001  53c810
		1000 1000  LSI53C810AE
# a comment in between
	0002  53c820
1002  Advanced Micro Devices, Inc. [AMD/ATI]
	731f  Navi 10
C 03  Display controller
	00  VGA compatible controller
		00  VGA controller
C 06  Bridge
	04  PCI bridge
`;

test('names of vendors, devices and classes', () => {
  using pc = unpack(list);
  const names = idNames(openTree(pc.root), 'pci');
  expect(names.vendor('1002')).toBe('Advanced Micro Devices, Inc. [AMD/ATI]');
  expect(names.device('1002', '731f')).toBe('Navi 10');
  expect(names.device('1000', '0002')).toBe('53c820');
  expect(names.className('030000')).toBe('VGA compatible controller');
  expect(names.className('068000')).toBe('Bridge');
});

test('unknown ones have none, and belong to no neighbour', () => {
  using pc = unpack(list);
  const names = idNames(openTree(pc.root), 'pci');
  expect(names.vendor('ffff')).toBe(null);
  expect(names.device('1000', '731f')).toBe(null);
  expect(names.device('1000', '1000')).toBe(null);
  expect(names.className('ff0000')).toBe(null);
});

test('without a list there are no names', () => {
  using pc = unpack('');
  expect(idNames(openTree(pc.root), 'pci').vendor('8086')).toBe(null);
  expect(idNames(openTree(pc.root), 'usb').device('046d', 'c31c')).toBe(null);
});
