// SPDX-License-Identifier: Apache-2.0
import { expect, onTestFinished, test } from 'vitest';
import { unpack } from '../host/recorded-pc.ts';
import { openTree } from '../host/tree.ts';
import { requireDevice } from './block-devices.ts';

function stick({ readOnly = '0', mounts = '' } = {}) {
  const pc = unpack(`
sys/devices/usb1/block/sdb/dev = 8:16
sys/devices/usb1/block/sdb/size = 2048
sys/devices/usb1/block/sdb/ro = ${readOnly}
sys/devices/usb1/block/sdb/device/model = Ultra Fit
sys/devices/usb1/block/sdb/device/serial = 4C53
sys/class/block/sdb -> ../../devices/usb1/block/sdb
dev/sdb = device
[proc/self/mountinfo]
${mounts}
`);
  onTestFinished(() => pc[Symbol.dispose]());
  return openTree(pc.root);
}

const free = async (): Promise<void> => {};
const failing = (code: string) => () => Promise.reject(Object.assign(new Error(code), { code }));
const disk = { file: '/dev/sdb', device: '4C53', readOnly: false };

test('one that is what its owner said, and free, may be used', async () => {
  expect((await requireDevice(stick(), disk, free)).identity).toBe('4C53');
  expect((await requireDevice(stick(), { ...disk, device: 'Ultra Fit' }, free)).name).toBe('sdb');
  expect((await requireDevice(stick({ readOnly: '1' }), { ...disk, readOnly: true }, free)).readOnly).toBe(
    true,
  );
});

test.each([
  ['nobody said so', { file: '/dev/sdb', readOnly: false }, {}, free, /nobody has said/],
  ['an empty word', { ...disk, device: '' }, {}, free, /nobody has said/],
  ['another device has the name', { ...disk, device: '9999' }, {}, free, /calls itself 4C53, not 9999/],
  ['it is not there', { ...disk, file: '/dev/sdc' }, {}, free, /no such block device/],
  ['it is mounted', disk, { mounts: '36 1 8:16 / /mnt rw - ext4 /dev/sdb rw' }, free, /mounted at \/mnt/],
  ['it is read-only', disk, { readOnly: '1' }, free, /read-only/],
  ['something else has it', disk, {}, failing('EBUSY'), /something on this PC uses it/],
  ['it is forbidden', disk, {}, failing('EACCES'), /may not read and write.*/],
  ['the medium is gone', disk, {}, failing('ENOMEDIUM'), /no medium/],
  ['the kernel says something else', disk, {}, failing('EIO'), /EIO/],
])('refused: %s', async (_, wanted, facts, probe, words) => {
  const error = await requireDevice(stick(facts), wanted, probe).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: 'device-refused', message: expect.stringMatching(words) });
  expect((error as { hint: string }).hint).not.toBe('');
});
