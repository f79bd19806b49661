// SPDX-License-Identifier: Apache-2.0
//
// The commands that change a machine, as a process against a service that says what each test wants.
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { definitionError, parseDefinition } from '../../contract/definition.ts';
import { fakeService, onTerminal, phyllome, someId, someMachine, someTask } from '../testing.ts';

const definition = parseDefinition({
  formatVersion: 1,
  id: someId,
  name: 'tiny',
  architecture: 'x86_64',
  memory: '1GiB',
  boot: { type: 'uefi' },
  removable: [{ type: 'cdrom', file: '/media/a.iso', detach: 'after-install' }, { type: 'cdrom' }],
});

describe('set', () => {
  const line = 'PATCH /machines/tiny/definition';

  test('sends values as they are meant, all in one change', async () => {
    await using service = await fakeService({ [line]: () => someMachine({ pending: ['cpu', 'memory'] }) });
    const words = ['cpu.vcpus=4', 'memory=4GiB', 'disks[0].cache=none', 'name=2024', 'rng=false'];
    const more = ['nics[0]={type: user, model: e1000e}', '--unset', 'autostart', '--unset=disks[1]'];
    expect(await phyllome(service, ['set', 'tiny', ...words, ...more])).toEqual({
      code: 0,
      stderr: '',
      stdout: 'tiny was changed; cpu, memory take effect at the next start.\n',
    });
    expect(service.requests[0]?.body).toEqual({
      changes: [
        { path: ['cpu', 'vcpus'], value: 4 },
        { path: ['memory'], value: '4GiB' },
        { path: ['disks', 0, 'cache'], value: 'none' },
        { path: ['name'], value: '2024' },
        { path: ['rng'], value: false },
        { path: ['nics', 0], value: { type: 'user', model: 'e1000e' } },
        { path: ['autostart'] },
        { path: ['disks', 1] },
      ],
    });
  });

  test('suggests the key that was probably meant', async () => {
    await using service = await fakeService({
      [line]: () => {
        throw definitionError([
          { path: ['cpu', 'vcpu'], found: 'an unknown key', allowed: 'only vcpus, topology' },
        ]);
      },
    });
    const { code, stderr } = await phyllome(service, ['set', 'tiny', 'cpu.vcpu=4']);
    expect(code).toBe(1);
    expect(stderr).toContain('Did you mean "vcpus"?');
  });

  test.each([
    [['set', 'tiny'], 'Say what to change'],
    [['set', 'tiny', 'memory'], 'it has the form PATH=VALUE'],
    [['set', 'tiny', 'cpu..vcpus=1'], 'is no path'],
    [['set', 'tiny', 'nics=[{'], 'cannot be read'],
    [['set', 'tiny', '--unset', 'a b'], 'is no path'],
    [['create', 'x'], '--iso FILE'],
    [['create', 'x', '--iso', 'a', '--disk', 'b'], 'not both'],
    [['create', 'x', '--disk', 'b', '--copy', '--in-place'], 'not both'],
    [['create', 'x', '--iso', 'a', '--copy'], 'of --disk'],
    [['create', 'x', '--file', 'a.yaml', '--disk-size', '1GiB'], 'goes with'],
    [['create', 'x', '--iso', 'a', '--disk-size', '1GB'], 'must be a size'],
    [['insert', 'tiny', 'a.iso', '--drive', '4'], 'from 0 to 3'],
    [['erase', 'tiny'], '--yes'],
  ])('%j is a usage error', async (words, expected) => {
    await using service = await fakeService();
    const { code, stderr } = await phyllome(service, words);
    expect(stderr).toContain(expected);
    expect(code).toBe(2);
    expect(service.requests).toEqual([]);
  });
});

describe('create', () => {
  const made = async (words: string[]): Promise<unknown> => {
    await using service = await fakeService({ 'POST /machines': () => someTask({ state: 'done' }) });
    const { code, stderr } = await phyllome(service, ['create', 'new', ...words]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const body = service.requests.find(({ line }) => line === 'POST /machines')?.body;
    return JSON.parse(JSON.stringify(body).replaceAll(service.root, '~'));
  };

  test('from a medium, which may be given as a relative path', async () => {
    expect(await made(['--iso', 'a, b.iso', '--disk-size', '20GiB'])).toEqual({
      name: 'new',
      medium: { file: '~/a, b.iso', use: 'install', diskSize: 20 * 2 ** 30 },
    });
  });

  test('from a disk, a copy unless the file itself is wanted', async () => {
    const sizes = ['--memory', '2GiB', '--vcpus', '3'];
    expect(await made(['--disk', '/x/../a.vdi', ...sizes])).toEqual({
      name: 'new',
      medium: { file: '/a.vdi', use: 'copy-disk' },
      definition: { memory: 2 ** 31, cpu: { vcpus: 3 } },
    });
    expect(await made(['--disk', '/a.qcow2', '--in-place'])).toMatchObject({ medium: { use: 'use-disk' } });
  });
});

describe('media', () => {
  const machine = () => someMachine({ definition });

  test('go in and come out', async () => {
    await using service = await fakeService({
      'GET /machines/tiny': machine,
      'PUT /machines/tiny/drives/1/medium': machine,
      'DELETE /machines/tiny/drives/0/medium': machine,
      'DELETE /machines/tiny/drives/1/medium': machine,
    });
    const inserted = await phyllome(service, ['insert', 'tiny', 'b\u001b.iso', '--drive', '1']);
    expect(inserted.stdout).toBe(String.raw`b\x1b.iso is in drive 1 of tiny.` + '\n');
    expect(service.requests[0]?.body).toEqual({ file: join(service.root, 'b\u001b.iso') });
    expect((await phyllome(service, ['eject', 'tiny'])).stdout).toBe(
      'a.iso was taken out of drive 0 of tiny.\n',
    );
    expect((await phyllome(service, ['eject', 'tiny', '--drive', '1'])).stdout).toBe(
      'Drive 1 of tiny was empty already.\n',
    );
  });
});

describe('erase', () => {
  const entry = {
    id: someId,
    name: 'tiny',
    deletedAt: '',
    directory: '/b',
    bytes: 2 ** 30,
    frees: 2 ** 30,
    eraseAt: null,
  };
  const answers = { 'GET /bin': () => [entry], 'DELETE /bin/tiny': () => entry };

  test('asks on a terminal, and takes no for an answer', async () => {
    await using service = await fakeService(answers);
    const terminal = onTerminal(service, 'phyllome erase tiny; echo "ended $?"');
    await terminal.until(/Erase tiny with all its disks \(1 GiB; frees 1 GiB\) for good\? \[y\/N\]/);
    terminal.type('\r');
    await terminal.until(/Nothing was erased/);
    await terminal.end();
    expect(service.requests.map(({ line }) => line)).toEqual(['GET /bin']);
  });

  test('does it after a yes, and with --yes', async () => {
    await using service = await fakeService(answers);
    const terminal = onTerminal(service, 'phyllome erase tiny');
    await terminal.until(/\[y\/N\]/);
    terminal.type('y\r');
    await terminal.until(/tiny is erased; 1 GiB are free again/);
    await terminal.end();
    expect((await phyllome(service, ['erase', 'tiny', '--yes'])).stdout).toBe(
      'tiny is erased; 1 GiB are free again.\n',
    );
  });
});

test('show tells what waits for the next start, and which media go', async () => {
  await using service = await fakeService({
    'GET /machines/tiny': () => someMachine({ definition, pending: ['memory', 'disks'] }),
  });
  const { stdout } = await phyllome(service, ['show', 'tiny']);
  expect(stdout).toMatch(/Takes effect at the next start\n\s+memory, disks\n/);
  expect(stdout).toMatch(/a\.iso\s+cdrom on sata\s+taken out after the installation/);
});
