// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { parseDefinition } from '../contract/definition.ts';
import { pendingKeys } from './pending.ts';
import { someId } from './testing.ts';

const machine = (draft: object = {}) =>
  parseDefinition({
    formatVersion: 1,
    id: someId,
    name: 'tiny',
    architecture: 'x86_64',
    memory: '1GiB',
    boot: { type: 'uefi' },
    disks: [{ file: 'a.qcow2', format: 'qcow2', size: '1GiB' }],
    removable: [{ type: 'cdrom', file: '/a.iso' }],
    ...draft,
  });

test.each<[string, object, string[]]>([
  ['nothing', {}, []],
  ['what is no hardware', { name: 'other', autostart: { order: 1 } }, []],
  ['a default that is written out', { cpu: { vcpus: 2 }, display: { type: 'vnc' } }, []],
  ['some values', { memory: '2GiB', cpu: { vcpus: 4 } }, ['cpu', 'memory']],
  ['a key that was not there', { vsock: { cid: 7 } }, ['vsock']],
  ['a medium', { removable: [{ type: 'cdrom' }] }, ['removable']],
  [
    'when a medium is taken out',
    { removable: [{ type: 'cdrom', file: '/a.iso', detach: 'after-install' }] },
    [],
  ],
  ['the size of a disk that is there', { disks: [{ file: 'a.qcow2', format: 'qcow2' }] }, []],
])('%s', (_, draft, keys) => {
  expect(pendingKeys(machine(), machine(draft)).toSorted()).toEqual(keys.toSorted());
  expect(pendingKeys(machine(draft), machine()).toSorted()).toEqual(keys.toSorted());
});

test('an earlier service may have written the keys in another order, or nothing', () => {
  const noted = Object.fromEntries(Object.entries(machine()).toReversed()) as ReturnType<typeof machine>;
  expect(pendingKeys(noted, machine())).toEqual([]);
  expect(pendingKeys(undefined, machine())).toEqual([]);
  expect(pendingKeys(machine(), null)).toEqual([]);
});
