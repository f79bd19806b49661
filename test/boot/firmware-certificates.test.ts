// SPDX-License-Identifier: Apache-2.0
//
// A machine whose UEFI variables were made when Microsoft's certificates of 2011 were the only ones: its firmware works
// with what we write into them.
import { execFileSync } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readVolume } from '../../src/vmm/firmware-variables/image.ts';
import { readVariables } from '../../src/vmm/firmware-variables/variable-store.ts';
import { openConsole } from '../support/console.ts';
import { startService, type TestService } from '../support/service.ts';

const params = { ref: 'older' };
let service: TestService;
let file = '';

beforeAll(async () => {
  service = await startService();
  const definition = {
    memory: '256MiB',
    architecture: 'x86_64',
    boot: { type: 'uefi', secureBoot: true },
    disks: [],
    display: { type: 'none' },
    agent: false,
  };
  await service.finish(service.client.call('createMachine', { body: { name: 'older', definition } }));
  const plan = await service.client.call('planMachine', { params });
  const [variables] = plan.files;
  if (variables === undefined) throw new Error('no variables are planned');
  file = variables.file;
  await mkdir(dirname(file), { recursive: true });
  const formats = ['-f', variables.templateFormat, '-O', 'qcow2'];
  execFileSync('qemu-img', ['convert', ...formats, variables.template, file]);
});
afterAll(() => service[Symbol.asyncDispose]());

/** Starts the machine, waits until its firmware has looked for something to boot, does `meanwhile`, and cuts its power. */
async function boot(meanwhile = async (): Promise<void> => {}): Promise<void> {
  await service.client.call('startMachine', { params });
  using serial = await openConsole(service.paths, 'older');
  await serial.expect(/BdsDxe: (?:No bootable option|failed to|starting)/);
  await meanwhile();
  const body = { force: true, timeoutSeconds: 1 };
  await service.finish(service.client.call('stopMachine', { params, body }));
}

/** Counts the starts: the firmware raises it each time. */
async function starts(): Promise<number> {
  const store = readVariables(await readVolume(file));
  if (store === null || typeof store === 'string') throw new Error(String(store));
  return store.variables.find(({ name }) => name === 'MTC')?.data.readUInt32LE() ?? 0;
}

test('certificates are enrolled into variables that a firmware has used, and it goes on using them', async () => {
  await boot();
  const before = await service.client.call('machineFirmware', { params });
  expect(before).toMatchObject({ secureBoot: 'enforced', microsoft2011: true, microsoft2023: false });
  expect(before.warnings.join()).toContain('phyllome firmware enroll older');

  const enrolled = await service.client.call('enrolCertificates', { params });
  expect(enrolled).toMatchObject({ secureBoot: 'enforced', microsoft2011: true, microsoft2023: true });
  expect(enrolled.certificates).toEqual(expect.arrayContaining(before.certificates));
  expect(enrolled.certificates).toHaveLength(before.certificates.length + 4);
  expect(enrolled.warnings.join()).toContain('BitLocker');

  const count = await starts();
  await boot(async () => {
    const live = await service.client.call('machineFirmware', { params });
    expect(live.certificates).toEqual(enrolled.certificates);
    await expect(service.client.call('enrolCertificates', { params })).rejects.toMatchObject({
      code: 'machine-state',
    });
  });
  // The firmware wrote into what we had written, and kept all of it.
  expect(await starts()).toBeGreaterThan(count);
  const after = await service.client.call('machineFirmware', { params });
  expect(after).toEqual({ ...enrolled, warnings: [] });
});
