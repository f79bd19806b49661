// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { PhyllomeError } from '../../contract/errors.ts';
import type { Driver } from '../../vmm/driver.ts';
import { createQemuDriver } from '../../vmm/qemu/index.ts';
import type { QemuReport } from '../../vmm/qemu/report.ts';
import { report as qemuReport } from '../../vmm/qemu/testing.ts';
import { hostForGuests } from './host-for-guests.ts';
import { windowsDrivers } from './windows-drivers.ts';

/** QEMU's own judgement of a PC that a report describes. */
function driverOf(report: QemuReport): Driver {
  const driver = createQemuDriver({ cacheDirectory: '/none', runtimeDirectory: '/none' });
  return { ...driver, probe: async () => report };
}

test('a PC is asked what it has', async () => {
  const whole = qemuReport();
  const with82 = {
    ...whole,
    answers: { ...whole.answers, devices: [...whole.answers.devices, 'virtio-sound-pci'] },
  };
  expect(await hostForGuests([driverOf(with82)], 'x86_64')).toEqual({
    tpm: true,
    secureBoot: true,
    virtioSound: true,
  });
  const bare = {
    ...whole,
    answers: {
      ...whole.answers,
      devices: whole.answers.devices.filter((name) => name !== 'virtio-sound-pci'),
    },
    firmware: { ...whole.firmware, found: [] },
    tools: { ...whole.tools, swtpm: { path: null, install: 'swtpm' } },
  };
  expect(await hostForGuests([driverOf(bare)], 'x86_64')).toEqual({
    tpm: false,
    secureBoot: false,
    virtioSound: false,
  });
});

test('a PC without QEMU holds nothing against a guest', async () => {
  const missing = {
    ...driverOf(qemuReport()),
    probe: () => Promise.reject(new PhyllomeError('vmm-missing')),
  };
  expect(await hostForGuests([missing as Driver], 'x86_64')).toEqual({});
  expect(await hostForGuests([], 'x86_64')).toEqual({});
  const broken = { ...missing, probe: () => Promise.reject(new Error('a defect')) } as Driver;
  await expect(hostForGuests([broken], 'x86_64')).rejects.toThrow('a defect');
});

test('the CD with drivers is known by what it is, not by its name', async () => {
  const images = async () => [
    { file: '/a/virtio-win.iso', format: 'iso' as const },
    { file: '/a/x.qcow2', format: 'qcow2' as const },
    { file: '/a/b.iso', format: 'iso' as const },
  ];
  const known = (guestOs: string, of: string) => ({
    known: async (file: string) => (file === of ? ({ guestOs } as never) : null),
  });
  expect(await windowsDrivers({ images, identifier: known('virtio-win', '/a/b.iso') })).toBe('/a/b.iso');
  expect(await windowsDrivers({ images, identifier: known('debian13', '/a/virtio-win.iso') })).toBeNull();
});
