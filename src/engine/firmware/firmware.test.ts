// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parseDefinition } from '../../contract/definition.ts';
import type { PlannedFile } from '../../contract/plan.ts';
import { guids } from '../../vmm/firmware-variables/guids.ts';
import { makeVariables, readVolume } from '../../vmm/firmware-variables/image.ts';
import { emptyVolume, someVariable } from '../../vmm/firmware-variables/testing.ts';
import { certificateList } from '../../vmm/firmware-variables/signature-list.ts';
import { readVariables, type Variable } from '../../vmm/firmware-variables/variable-store.ts';
import { writeVariables } from '../../vmm/firmware-variables/write-variables.ts';
import type { Hold } from '../holds.ts';
import { createFirmware } from './create-firmware.ts';
import { firmwareState } from './firmware-state.ts';

const definition = (changes: object = {}) =>
  parseDefinition({
    formatVersion: 1,
    id: '6f1c2b3a-1111-4111-8111-111111111111',
    name: 'win',
    architecture: 'x86_64',
    memory: '1GiB',
    boot: { type: 'uefi', secureBoot: true },
    ...changes,
  });

function volumeWith(variables: readonly Variable[]): Buffer {
  const volume = emptyVolume(32_768);
  const written = writeVariables(volume, { offset: 72, size: 32_768 }, variables);
  if (typeof written === 'string') throw new Error(written);
  return written;
}

const pk: Variable = {
  ...someVariable('PK', ''),
  data: certificateList(Buffer.from('no certificate'), guids.microsoft),
};
const switchedOff: Variable = {
  ...someVariable('SecureBootEnable', '\0'),
  vendor: guids.secureBootEnable,
};
const setUp: Variable = { ...someVariable('certdb', ''), vendor: guids.certificateDatabase };

describe('what is said of the variables', () => {
  const state = (changes: object, volume: Buffer | null) => {
    const answer = firmwareState(definition(changes), 'win', volume);
    if (typeof answer === 'string') throw new Error(answer);
    return answer;
  };

  test.each([
    ['no variables yet', {}, null, 'not-started'],
    ['erased flash', {}, Buffer.alloc(4096), 'not-started'],
    ['an owner', {}, volumeWith([pk]), 'enforced'],
    ['switched off in the setup', {}, volumeWith([pk, switchedOff]), 'off'],
    ['no owner', {}, volumeWith([setUp]), 'setup-mode'],
    ['firmware without it', { boot: { type: 'uefi' } }, volumeWith([]), 'unsupported'],
    ['keys that the machine does not want', { boot: { type: 'uefi' } }, volumeWith([pk]), 'off'],
    ['BIOS', { boot: { type: 'bios' } }, null, 'unsupported'],
    ['another VMM', { vmm: 'cloud-hypervisor' }, null, 'unsupported'],
    ['encrypted memory', { confidential: 'sev-snp' }, null, 'unsupported'],
  ] as const)('%s', (_words, changes, volume, secureBoot) => {
    expect(state(changes, volume).secureBoot).toBe(secureBoot);
  });

  test('a wish that is not met is a warning', () => {
    expect(state({}, volumeWith([setUp])).warnings.join()).toContain('without keys');
    expect(state({}, volumeWith([pk])).warnings).toEqual([]);
    expect(state({}, volumeWith([pk])).certificates).toEqual([
      expect.objectContaining({ database: 'PK', name: 'A certificate that cannot be read' }),
    ]);
  });

  test('damage is told', () => {
    expect(firmwareState(definition(), 'win', Buffer.from('%PDF'.repeat(99)))).toMatch(/no firmware volume/);
    const torn = volumeWith([{ ...pk, data: Buffer.from('short') }]);
    expect(firmwareState(definition(), 'win', torn)).toBe('in PK, a list of certificates is cut off');
  });
});

describe('the image', () => {
  let directory: string;
  let file: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'phyllome-'));
    await mkdir(join(directory, 'firmware'));
    file = join(directory, 'firmware/vars.qcow2');
  });
  afterEach(() => rm(directory, { recursive: true }));

  const firmware = (changes: object = {}, planned: PlannedFile[] = []) => {
    const machine = { id: 'a', name: 'win', directory, definition: definition(changes), problems: [] };
    const said: string[] = [];
    const hold: Partial<Hold> = { [Symbol.asyncDispose]: async () => void said.push('released') };
    const functions = createFirmware({
      store: { find: () => machine },
      holds: { takeFiles: async () => hold as Hold },
      planOf: async () => ({ files: planned }),
      changed: () => said.push('changed'),
    });
    return { ...functions, said };
  };
  const store = async (volume: Buffer): Promise<void> => {
    await writeFile(join(directory, 'raw'), volume);
    execFileSync('qemu-img', ['convert', '-f', 'raw', '-O', 'qcow2', join(directory, 'raw'), file]);
  };

  test('what cannot have certificates says why', async () => {
    const refusal = (reason: string) => ({
      code: 'enrolment-refused',
      message: expect.stringContaining(reason),
    });
    await expect(firmware({ boot: { type: 'bios' } }).enrolCertificates('win')).rejects.toMatchObject(
      refusal('BIOS'),
    );
    const { enrolCertificates, said } = firmware();
    await expect(enrolCertificates('win')).rejects.toMatchObject(refusal('first start'));
    await store(volumeWith([pk]));
    await expect(enrolCertificates('win')).rejects.toMatchObject(refusal('does not trust'));
    await store(Buffer.from('%PDF'.repeat(999)));
    await expect(enrolCertificates('win')).rejects.toMatchObject(refusal('no firmware volume'));
    expect(said).toEqual(['released', 'released', 'released']);
  });

  test('who wants Secure Boot and has no keys gets those of a new machine, and keeps the rest', async () => {
    const template = join(directory, 'template.fd');
    const trusted: Variable = {
      ...someVariable('db', ''),
      vendor: guids.imageSecurity,
      data: certificateList(Buffer.from('somebody'), guids.microsoft),
    };
    await writeFile(template, volumeWith([someVariable('Lang', 'eng'), trusted, pk]));
    const certificates = 'microsoft-2023' as const;
    const planned = { what: 'v', file, template, templateFormat: 'raw', format: 'qcow2', certificates };
    await store(volumeWith([someVariable('BootOrder', 'xy'), setUp]));
    // Nobody else's certificates come by it.
    const { enrolCertificates, machineFirmware, said } = firmware({}, [planned]);
    const state = await enrolCertificates('win');
    expect(state.secureBoot).toBe('enforced');
    expect(state.certificates.map(({ database }) => database)).toEqual(['PK', 'db']);
    expect(state.warnings.join()).toContain('BitLocker');
    expect(readVariables(await readVolume(file))).toMatchObject({
      variables: [{ name: 'BootOrder', data: Buffer.from('xy') }, setUp, pk, trusted],
    });
    expect((await machineFirmware('win')).warnings).toEqual([]);
    expect(said).toEqual(['changed', 'released']);
    expect(await readdir(join(directory, 'firmware'))).toEqual(['vars.qcow2']);
  });

  test('one that would show another file is not read', async () => {
    const secret = join(directory, 'secret');
    await writeFile(secret, volumeWith([pk]));
    execFileSync('qemu-img', ['create', '-q', '-f', 'qcow2', '-b', secret, '-F', 'raw', file]);
    const { machineFirmware } = firmware();
    const unreadable = { code: 'file-unreadable' };
    await expect(machineFirmware('win')).rejects.toMatchObject(unreadable);
    await rm(file);
    await symlink('/dev/zero', file);
    await expect(machineFirmware('win')).rejects.toMatchObject(unreadable);
    await rm(file);
    await writeFile(file, 'PDF');
    await expect(machineFirmware('win')).rejects.toMatchObject(unreadable);
    await rm(file);
    await store(volumeWith([{ ...pk, data: Buffer.from('short') }]));
    await expect(machineFirmware('win')).rejects.toMatchObject(unreadable);
  });

  test('a template that nobody can enroll into is taken as it is, and nothing is left over', async () => {
    const template = join(directory, 'template.fd');
    await writeFile(template, volumeWith([pk]));
    const planned = { what: 'UEFI variables', template, templateFormat: 'raw', format: 'qcow2' };
    await makeVariables({ ...planned, file, certificates: 'microsoft-2023' });
    const made = readVariables(await readVolume(file));
    expect(made).toMatchObject({ variables: [{ name: 'PK' }] });
    expect(await readdir(join(directory, 'firmware'))).toEqual(['vars.qcow2']);
  });
});
