// SPDX-License-Identifier: Apache-2.0
//
// Machines whose UEFI variables were made when Microsoft's certificates of 2011 were the only ones, or without any: their
// firmware works with what we write into them.
import { execFileSync } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readVolume } from '../../src/vmm/firmware-variables/image.ts';
import { readVariables } from '../../src/vmm/firmware-variables/variable-store.ts';
import { openConsole } from '../support/console.ts';
import { startService, type TestService } from '../support/service.ts';

let service: TestService;

beforeAll(async () => {
  service = await startService();
});
afterAll(() => service[Symbol.asyncDispose]());

const definitionWith = (secureBoot: boolean) => ({
  memory: '256MiB',
  architecture: 'x86_64',
  boot: { type: 'uefi', secureBoot },
  disks: [],
  display: { type: 'none' },
  agent: false,
});

async function create(name: string, secureBoot: boolean): Promise<void> {
  const body = { name, definition: definitionWith(secureBoot) };
  await service.finish(service.client.call('createMachine', { body }));
}

/** Makes the variables of a machine as they come with the firmware, and returns their file. */
async function makeVariables(name: string): Promise<string> {
  const plan = await service.client.call('planMachine', { params: { ref: name } });
  const [variables] = plan.files;
  if (variables === undefined) throw new Error('no variables are planned');
  const { file, template, templateFormat } = variables;
  await mkdir(dirname(file), { recursive: true });
  execFileSync('qemu-img', ['convert', '-f', templateFormat, '-O', 'qcow2', template, file]);
  return file;
}

/** Starts a machine, waits until its firmware says something, does `meanwhile`, and cuts its power. */
async function boot(name: string, until: RegExp, meanwhile = async (): Promise<void> => {}): Promise<void> {
  const params = { ref: name };
  await service.client.call('startMachine', { params });
  using serial = await openConsole(service.paths, name);
  await serial.expect(until);
  await meanwhile();
  const body = { force: true, timeoutSeconds: 1 };
  await service.finish(service.client.call('stopMachine', { params, body }));
}

/** Counts the starts: the firmware raises it each time. */
async function startsIn(file: string): Promise<number> {
  const store = readVariables(await readVolume(file));
  if (store === null || typeof store === 'string') throw new Error(String(store));
  return store.variables.find(({ name }) => name === 'MTC')?.data.readUInt32LE() ?? 0;
}

// It looked for something to boot, so it has read and written its variables.
const looked = /BdsDxe: (?:No bootable option|failed to|starting)/;

test('certificates are enrolled into variables that a firmware has used, and it goes on using them', async () => {
  const params = { ref: 'older' };
  await create('older', true);
  const file = await makeVariables('older');
  await boot('older', looked);
  const before = await service.client.call('machineFirmware', { params });
  expect(before).toMatchObject({ secureBoot: 'enforced', microsoft2011: true, microsoft2023: false });
  expect(before.warnings.join()).toContain('phyllome firmware enroll older');

  const enrolled = await service.client.call('enrolCertificates', { params });
  expect(enrolled).toMatchObject({ secureBoot: 'enforced', microsoft2011: true, microsoft2023: true });
  expect(enrolled.certificates).toEqual(expect.arrayContaining(before.certificates));
  expect(enrolled.certificates).toHaveLength(before.certificates.length + 4);
  expect(enrolled.warnings.join()).toContain('BitLocker');

  const count = await startsIn(file);
  await boot('older', looked, async () => {
    const live = await service.client.call('machineFirmware', { params });
    expect(live.certificates).toEqual(enrolled.certificates);
    await expect(service.client.call('enrolCertificates', { params })).rejects.toMatchObject({
      code: 'machine-state',
    });
  });
  // The firmware wrote into what we had written, and kept all of it.
  expect(await startsIn(file)).toBeGreaterThan(count);
  const after = await service.client.call('machineFirmware', { params });
  expect(after).toEqual({ ...enrolled, warnings: [] });
});

test('a machine that wants Secure Boot only later gets the keys of a new one, and its firmware goes by them', async () => {
  const params = { ref: 'later' };
  await create('later', false);
  await makeVariables('later');
  const changes = [{ path: ['boot', 'secureBoot'], value: true }];
  await service.client.call('changeDefinition', { params, body: { changes } });
  const before = await service.client.call('machineFirmware', { params });
  expect(before.secureBoot).not.toBe('enforced');
  expect(before.warnings.join()).toContain('phyllome firmware enroll later');
  const enrolled = await service.client.call('enrolCertificates', { params });
  expect(enrolled).toMatchObject({ secureBoot: 'enforced', microsoft2011: true, microsoft2023: true });
  // Its own shell is signed by nobody.
  await boot(
    'later',
    /BdsDxe: failed to \w+ Boot\d+ "EFI Internal Shell".*(?:Access Denied|Security Violation)/,
  );
  const after = await service.client.call('machineFirmware', { params });
  expect(after).toEqual({ ...enrolled, warnings: [] });
});
