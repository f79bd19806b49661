// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { newDiskFile } from './new-disk-file.ts';

test('a new disk is numbered on, and never takes the file of another', () => {
  expect(newDiskFile([])).toBe('disks/disk1.qcow2');
  expect(newDiskFile(['disks/system.qcow2', 'disks/system.qcow2'])).toBe('disks/disk2.qcow2');
  expect(newDiskFile(['a', 'disks/disk3.qcow2'])).toBe('disks/disk4.qcow2');
});
