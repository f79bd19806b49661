// SPDX-License-Identifier: Apache-2.0
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { InstallOffer, OsDisk } from '../../contract/os-install.ts';
import { fakeService, phyllome, someTask } from '../testing.ts';
import { barLines, diskLines, partitionText } from './os-disk-text.ts';

const GiB = 2 ** 30;
const part = { number: 1, fileSystem: 'ntfs', label: 'Games', system: 'Windows', role: 'data' } as const;
const disk: OsDisk = {
  id: 'wwn:1',
  name: 'Samsung SSD 980 PRO 1TB 711A',
  path: '/dev/nvme0n1',
  model: 'Samsung SSD 980 PRO 1TB',
  serial: 'S5GXNF0R104711A',
  size: 100 * GiB,
  sectorSize: 512,
  bus: 'nvme',
  removable: false,
  table: 'gpt',
  partitions: [
    { ...part, start: 2 ** 20, size: 40 * GiB },
    { ...part, number: 2, start: 41 * GiB, size: 2 ** 20, label: null, role: 'recovery' },
  ],
  refused: null,
  warnings: ['Windows will be gone from it.'],
};
const offer: InstallOffer = {
  live: true,
  edition: 'headless',
  version: '1',
  runsFrom: '/dev/sda',
  tpm: false,
  secureBoot: false,
  smallest: 8 * GiB,
  disks: [
    disk,
    { ...disk, id: 'wwn:2', path: '/dev/sda', refused: { reason: 'in-use', text: 'swap is on it' } },
  ],
};
const key = `${'cbdefghi-'.repeat(7)}jklnrtuv`;
const installed = {
  'GET /os/install/recovery-key': () => ({ recoveryKey: key }),
  'DELETE /os/install/recovery-key': () => ({ recoveryKey: null }),
};
const done = () =>
  someTask({ state: 'done', outcome: { text: '', facts: { disk: disk.name, next: 'nothing' } } });

test('a disk is a picture: what is small is seen, and what nothing has are dots', () => {
  const [bar = ''] = barLines(disk);
  expect(bar).toMatch(/^\[a+\|\.+\|bb\|\.+\]$/);
  expect(bar.replaceAll(/[^a.b]/g, '').length).toBe(64);
  const plainOutput = { style: (_style: string, text: string) => text };
  const lines = diskLines(disk, plainOutput);
  expect(lines[0]).toContain('Samsung SSD 980 PRO 1TB 711A  /dev/nvme0n1, 100 GiB, nvme');
  expect(lines).toContain('  a     40 GiB  Windows, data, ntfs, "Games"');
  expect(lines.at(-1)).toBe('  id: wwn:1');
});

test('what a stick calls itself cannot command the terminal', () => {
  expect(partitionText({ ...part, start: 0, size: 1, label: '\u001b[2Jx' })).not.toContain('\u001b');
});

test('os disks says which cannot be taken, and why', async () => {
  await using service = await fakeService({ 'GET /os/disks': () => offer });
  const { code, stdout } = await phyllome(service, ['os', 'disks']);
  expect(code).toBe(0);
  expect(stdout).toContain('Not this one: swap is on it.');
  expect(stdout).toContain('Windows will be gone from it.');
});

test('answers of a file are sent as they are, and the recovery key is shown once', async () => {
  await using service = await fakeService({ ...installed, 'POST /os/install': done });
  const answers = { disk: { id: 'wwn:1', confirmation: disk.name }, hostname: 'pc' };
  const file = join(service.root, 'answers.yaml');
  await writeFile(file, JSON.stringify(answers));
  const { code, stdout } = await phyllome(service, ['os', 'install', '--answers', file]);
  expect(code).toBe(0);
  expect(stdout).toContain(key);
  expect(stdout).toContain(`Phyllome OS is installed on ${disk.name}.`);
  expect(service.requests.find(({ line }) => line === 'POST /os/install')?.body).toEqual(answers);
  expect(service.requests.at(-1)?.line).toBe('DELETE /os/install/recovery-key');
});

test('without a terminal it wants answers, and never takes part of them from one', async () => {
  await using service = await fakeService({ 'GET /os/disks': () => offer });
  const { code, stderr } = await phyllome(service, ['os', 'install']);
  expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining('--answers FILE') });
  expect(service.requests.filter(({ line }) => !line.startsWith('GET'))).toEqual([]);
});

test('answers come from one place', async () => {
  await using service = await fakeService();
  const both = await phyllome(service, ['os', 'install', '--unattended', '--answers', 'x']);
  expect(both.code).toBe(2);
  expect(service.requests.filter(({ line }) => !line.startsWith('GET'))).toEqual([]);
});

test('a file that is no YAML is refused without a word of it', async () => {
  await using service = await fakeService();
  const file = join(service.root, 'answers.yaml');
  await writeFile(file, 'password: "secret-word\nx: [');
  const { code, stderr } = await phyllome(service, ['os', 'install', '--answers', file]);
  expect(code).toBe(1);
  expect(stderr).not.toContain('secret-word');
});

test('answers of a stick are taken by root alone', async () => {
  await using service = await fakeService({ ...installed, 'POST /os/install/unattended': done });
  const { code } = await phyllome(service, ['os', 'install', '--unattended']);
  expect(code).toBe(0);
  expect(service.requests.map(({ line }) => line)).not.toContain('POST /os/install');
});
