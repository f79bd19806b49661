// SPDX-License-Identifier: Apache-2.0
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { firmwareDirectories, parseDescriptor, readFirmware } from './firmware.ts';

let root = '';
const user = () => join(root, 'user');
const system = () => join(root, 'system');

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'ph-firmware-'));
  for (const directory of [user(), system(), join(root, 'images')]) await mkdir(directory);
});
afterEach(() => rm(root, { recursive: true, force: true }));

const flash = (name: string) => ({ filename: join(root, 'images', name), format: 'raw' });

function descriptor(image: string, more: object = {}) {
  return {
    description: image,
    'interface-types': ['uefi'],
    mapping: {
      device: 'flash',
      executable: flash(`${image}.code`),
      'nvram-template': flash(`${image}.vars`),
    },
    targets: [{ architecture: 'x86_64', machines: ['pc-q35-*'] }],
    features: ['secure-boot', 'enrolled-keys', 'requires-smm'],
    ...more,
  };
}

async function install(directory: string, name: string, image: string): Promise<void> {
  await writeFile(join(directory, name), JSON.stringify(descriptor(image)));
  for (const part of ['code', 'vars']) await writeFile(join(root, 'images', `${image}.${part}`), '');
}

const read = async () => {
  const { found, problems } = await readFirmware([user(), system()]);
  return { found: found.map(({ description }) => description), problems };
};

test('the alphabet of file names is the order, whatever the folder', async () => {
  await install(system(), '40-a.json', 'a');
  await install(system(), '60-c.json', 'c');
  await install(user(), '50-b.json', 'b');
  expect(await read()).toEqual({ found: ['a', 'b', 'c'], problems: [] });
});

test('the stronger folder replaces a descriptor of the same name, an empty one hides it', async () => {
  await install(system(), '40-a.json', 'a');
  await install(system(), '50-b.json', 'b');
  await install(user(), '40-a.json', 'mine');
  await writeFile(join(user(), '50-b.json'), '');
  expect(await read()).toEqual({ found: ['mine'], problems: [] });
});

test('descriptors whose files are missing are left out, and it is said which', async () => {
  await install(system(), '40-a.json', 'a');
  await rm(join(root, 'images/a.vars'));
  const { found, problems } = await read();
  expect(found).toEqual([]);
  expect(problems).toHaveLength(1);
  expect(problems[0]).toContain(join(system(), '40-a.json'));
  expect(problems[0]).toContain(join(root, 'images/a.vars'));
});

test('damaged descriptors are named, files of other kinds ignored', async () => {
  await writeFile(join(system(), 'a.json'), '{ "half": ');
  await writeFile(join(system(), 'README'), 'not one');
  const { found, problems } = await read();
  expect(found).toEqual([]);
  expect(problems).toEqual([expect.stringContaining('a.json cannot be read')]);
});

test('no folders, no firmware', async () => {
  expect(await readFirmware(['/nonexistent'])).toEqual({
    found: [],
    sealed: [],
    problems: [],
    looked: ['/nonexistent'],
  });
});

test('features, formats and targets are read', () => {
  expect(parseDescriptor('/d.json', descriptor('a'))).toMatchObject({
    descriptor: '/d.json',
    secureBoot: true,
    enrolledKeys: true,
    requiresSmm: true,
    targets: [{ architecture: 'x86_64', machines: ['pc-q35-*'] }],
  });
});

test.for<[string, unknown]>([
  ['BIOS images', { 'interface-types': ['bios'] }],
  [
    'images loaded into memory, for confidential computing',
    { mapping: { device: 'memory', filename: '/x' } },
  ],
  [
    'images without variables',
    { mapping: { device: 'flash', mode: 'stateless', executable: { filename: '/x', format: 'raw' } } },
  ],
  ['code and variables in one file', { mapping: { ...descriptor('a').mapping, mode: 'combined' } }],
  [
    'formats that firmware does not come in',
    { mapping: { device: 'flash', executable: { filename: '/x', format: 'vmdk' } } },
  ],
])('not for us: %s', ([, more]) => {
  expect(parseDescriptor('/d.json', descriptor('a', more as object))).toBeNull();
});

test.for([null, 3, [], 'x', {}, { 'interface-types': 'uefi' }, { 'interface-types': ['uefi'], mapping: [] }])(
  'nonsense is no firmware: %j',
  (value) => {
    expect(parseDescriptor('/d.json', value)).toBeNull();
  },
);

test('the folders, strongest first', () => {
  const rest = ['/etc/qemu/firmware', '/usr/share/qemu/firmware'];
  expect(firmwareDirectories({ HOME: '/home/ann' })).toEqual(['/home/ann/.config/qemu/firmware', ...rest]);
  expect(firmwareDirectories({ HOME: '/h', XDG_CONFIG_HOME: '/c' })).toEqual(['/c/qemu/firmware', ...rest]);
});

const amd = { features: ['amd-sev', 'amd-sev-es', 'amd-sev-snp', 'verbose-dynamic'] };

test('images without variables count where they are for confidential guests', async () => {
  await writeFile(join(root, 'images/sealed'), '');
  const inMemory = { mapping: { device: 'memory', filename: join(root, 'images/sealed') } };
  const stateless = { mapping: { device: 'flash', mode: 'stateless', executable: flash('sealed') } };
  const names = { a: { ...inMemory, ...amd }, b: { ...stateless, ...amd }, c: inMemory };
  for (const [name, more] of Object.entries(names))
    await writeFile(join(system(), `${name}.json`), JSON.stringify(descriptor(name, more)));
  const { found, sealed, problems } = await readFirmware([system()]);
  expect({ found, problems }).toEqual({ found: [], problems: [] });
  expect(sealed.map(({ description, file, kinds }) => ({ description, file, kinds }))).toEqual(
    ['a', 'b'].map((description) => ({
      description,
      file: join(root, 'images/sealed'),
      kinds: ['sev', 'sev-es', 'sev-snp'],
    })),
  );
});

test('a sealed image that is missing is named', async () => {
  const mapping = { device: 'memory', filename: join(root, 'images/nowhere') };
  await writeFile(join(system(), 'a.json'), JSON.stringify(descriptor('a', { mapping, ...amd })));
  expect((await readFirmware([system()])).problems).toEqual([expect.stringContaining('images/nowhere')]);
});
