// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { bootOrder } from './boot-order.ts';
import { machine } from './testing.ts';

const disks = ['a', 'b'].map((name) => ({ file: `disks/${name}`, format: 'raw' }));
const removable = [{ type: 'cdrom' }];
const nics = [{ type: 'user' }];

test('disks, then discs, never the network, when nothing is said', () => {
  expect(bootOrder(machine({ disks, removable, nics }))).toEqual({
    disks: [0, 1],
    removable: [2],
    nics: [undefined],
  });
});

test('exactly what is said, when something is', () => {
  const ordered = machine({
    disks,
    removable: [{ type: 'cdrom', bootIndex: 0 }],
    nics: [{ type: 'user', bootIndex: 5 }],
  });
  expect(bootOrder(ordered)).toEqual({ disks: [undefined, undefined], removable: [0], nics: [5] });
});

test('nothing with a kernel: QEMU boots that itself', () => {
  const boot = { type: 'kernel', kernel: 'kernel/vmlinuz' };
  expect(bootOrder(machine({ boot, disks, removable, nics: [{ type: 'user', bootIndex: 0 }] }))).toEqual({
    disks: [undefined, undefined],
    removable: [undefined],
    nics: [undefined],
  });
});
