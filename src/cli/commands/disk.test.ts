// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from 'vitest';
import type { BlockDevice, MachineDisks } from '../../contract/disk.ts';
import { growSteps } from '../../contract/guest-steps.ts';
import { fakeService, phyllome, someMachine, someTask } from '../testing.ts';
import { deviceLines, disksLines } from './disk-text.ts';

const GiB = 2 ** 30;
const layer = (file: string, freed: number, sharedWith: string[] = []) => ({
  file,
  format: 'qcow2',
  allocated: GiB,
  freed,
  sharedWith,
});

const some: MachineDisks = {
  disks: [
    {
      index: 0,
      file: 'disks/system-2.qcow2',
      format: 'qcow2',
      kind: 'image',
      bus: 'virtio',
      cache: 'writeback',
      readOnly: false,
      limits: { writeBytesPerSecond: 2 ** 20 },
      virtualSize: 64 * GiB,
      allocated: 2 * GiB,
      freed: GiB,
      chain: [layer('disks/system-2.qcow2', GiB), layer('disks/system.qcow2', 0, ['clo\u001bne'])],
      problem: null,
    },
  ],
  unused: [layer('disks/old.qcow2', GiB)],
  allocated: 3 * GiB,
  freed: 2 * GiB,
};

test('the list says what each disk takes, rests on and frees, and commands no terminal', () => {
  expect(disksLines(some).join('\n'))
    .toBe(String.raw`#  FILE                  FORMAT  BUS       SIZE  TAKES  FREES
0  disks/system-2.qcow2  qcow2   virtio  64 GiB  2 GiB  1 GiB

disks/system-2.qcow2
  limits: writes 1 MiB/s
  rests on disks/system.qcow2 (qcow2, 1 GiB), shared with clo\x1bne

Images that nothing uses ("phyllome disk remove NAME FILE --erase" removes one):
  disks/old.qcow2 (qcow2, 1 GiB)

The whole machine takes 3 GiB; erasing it would give back 2 GiB.`);
});

test('devices are shown with what they call themselves and why they are not free', () => {
  const device: BlockDevice = {
    file: '/dev/disk/by-id/usb-x',
    name: 'sdb',
    model: 'Ultra Fit',
    serial: '4C53',
    identity: '4C53',
    size: GiB,
    readOnly: false,
    uses: [],
    reason: '',
    next: '',
  };
  const lines = deviceLines([
    device,
    { ...device, name: 'sda', uses: ['mounted at /', 'swap'], reason: 'this PC uses it' },
  ]);
  expect(lines[1]).toMatch(/^sdb +1 GiB +Ultra Fit +4C53 +free +\/dev\/disk\/by-id\/usb-x$/);
  expect(lines[2]).toContain('mounted at /, swap');
});

describe('what is typed is what is asked for', () => {
  const task = (facts: Record<string, unknown>) => () =>
    someTask({ state: 'done', fraction: 1, outcome: { text: 'It is done.', facts } });

  test('grow, with the steps in the guest', async () => {
    await using service = await fakeService({
      'POST /machines/web/disks/0/grow': task({ bus: 'scsi', guestOs: 'debian13', running: true }),
    });
    const { code, stdout } = await phyllome(service, ['disk', 'grow', 'web', '0', '+10GiB']);
    expect(code).toBe(0);
    expect(service.requests.at(-1)?.body).toEqual({ by: 10 * GiB });
    expect(stdout).toContain('It is done.\nIn the guest, now:\n');
    expect(stdout).toMatch(/rescan[^]*growpart/);
    await phyllome(service, ['disk', 'grow', 'web', '0', '40GiB']);
    expect(service.requests.at(-1)?.body).toEqual({ size: 40 * GiB });
  });

  test.each([
    [['grow', 'web', '0', '10GB'], /a size such as/],
    [['add', 'web'], /Say what to add/],
    [['add', 'web', '--size', '1GiB', '--format', 'vmdk'], /qcow2, raw/],
    [['convert', 'web', '0'], /--format/],
    [['export', 'web', '0', 'web.img'], /which format/],
    [['limits', 'web', '0'], /at least one/],
    [['limits', 'web', '0', '--none', '--read-ops', '5'], /at least one/],
    [['remove', 'web', '0', '--erase'], /--yes/],
    [['add', 'web', '--device', '/dev/sdb'], /--yes-erase/],
  ])('disk %j is refused, and nothing is asked for', async (words, message) => {
    await using service = await fakeService({ 'GET /block-devices': () => [] });
    const { code, stderr } = await phyllome(service, ['disk', ...words]);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
    expect(service.requests.filter(({ line }) => !line.startsWith('GET'))).toEqual([]);
  });

  test('a device that was named with its serial number', async () => {
    await using service = await fakeService({ 'POST /machines/web/disks': task({}) });
    await phyllome(service, ['disk', 'add', 'web', '--device', '/dev/sdb', '--yes-erase', '4C53']);
    expect(service.requests.at(-1)?.body).toEqual({ device: '/dev/sdb', identity: '4C53' });
  });

  test('an image of the library by its name, another by its path', async () => {
    await using service = await fakeService({
      'GET /images': () => [{ name: 'a.qcow2', file: '/library/a.qcow2' }],
      'POST /machines/web/disks': task({}),
    });
    await phyllome(service, ['disk', 'add', 'web', '--file', 'a.qcow2', '--bus', 'nvme']);
    expect(service.requests.at(-1)?.body).toEqual({ file: '/library/a.qcow2', bus: 'nvme' });
    await phyllome(service, ['disk', 'add', 'web', '--file', '/b.vmdk']);
    expect(service.requests.at(-1)?.body).toEqual({ file: '/b.vmdk' });
  });

  test('a format by the ending of the file', async () => {
    await using service = await fakeService({ 'POST /machines/web/disks/0/export': task({}) });
    await phyllome(service, ['disk', 'export', 'web', '0', '/tmp/web.vhdx']);
    expect(service.requests.at(-1)?.body).toEqual({ file: '/tmp/web.vhdx', format: 'vhdx' });
  });

  test('limits', async () => {
    await using service = await fakeService({ 'PUT /machines/web/disks/a.raw/limits': () => someMachine() });
    const words = ['disk', 'limits', 'web', 'a.raw', '--write-rate', '50MiB', '--read-ops', '100'];
    expect((await phyllome(service, words)).stdout).toContain('writes 50 MiB/s, reads 100 times a second');
    expect(service.requests.at(-1)?.body).toEqual({
      writeBytesPerSecond: 50 * 2 ** 20,
      readOpsPerSecond: 100,
    });
    await phyllome(service, ['disk', 'limits', 'web', 'a.raw', '--none']);
    expect(service.requests.at(-1)?.body).toEqual({});
  });

  test('a disk with damage ends with 4', async () => {
    await using service = await fakeService({
      'POST /machines/web/disks/0/check': task({ sound: false }),
    });
    expect((await phyllome(service, ['disk', 'check', 'web', '0'])).code).toBe(4);
  });

  test('a machine that is called like a word of ours', async () => {
    await using service = await fakeService({ 'GET /machines/add/disks': () => some });
    expect((await phyllome(service, ['disk', '--json', 'add'])).code).toBe(0);
  });
});

test('what is left to do in the guest depends on bus and system', () => {
  expect(growSteps({ bus: 'virtio', guestOs: 'debian13', running: true })[0]).toContain('lsblk');
  expect(growSteps({ bus: 'sata', guestOs: 'debian13', running: true })[0]).toContain('restarted');
  expect(growSteps({ bus: 'sata', guestOs: 'debian13', running: false })[0]).toContain('lsblk');
  expect(growSteps({ bus: 'virtio', guestOs: 'win11', running: true }).join()).toContain('Extend Volume');
});
