// SPDX-License-Identifier: Apache-2.0
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { entriesFolder } from './read-entries.ts';
import { createSystems } from './systems.ts';

const file = (family: string, systems: string) => `
family: { id: ${family}, name: "Family ${family}", colour: '#123456', homepage: 'https://example.org/', licence: Free. }
systems:${systems}`;
const system = (id: string, more = '') => `
  - id: ${id}
    name: System ${id}
    description: One for tests.
    minimum: { memory: 1GiB, disk: 1GiB }
    recommended: { vcpus: 2, memory: 2GiB, disk: 10GiB }
    media: [{ id: iso, name: Installer, kind: installer, bring: { page: 'https://example.org/' } }]${more}`;

async function withFiles(files: Record<string, string>) {
  const folder = await mkdtemp(join(tmpdir(), 'phyllome-entries-'));
  await mkdir(folder, { recursive: true });
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  const warnings: string[] = [];
  const systems = createSystems({ folder, warn: (text) => warnings.push(text), osinfo: async () => null });
  return { systems, warnings, folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) };
}

test('tiny comes first; a bad file is told of and the others are there', async () => {
  await using box = await withFiles({
    'a.yaml': file('a', system('a1', '\n    aliases: [a]')),
    'b.yaml': 'systems: [',
    'c.yaml': file('c', system('c1', '\n    firmware: coreboot')),
    'd.yaml': file('d', system('a') + system('d1')),
  });
  expect((await box.systems.entries()).map(({ id }) => id)).toEqual(['tiny', 'a1', 'd1']);
  expect(box.warnings.map((text) => text.replace(box.folder, ''))).toEqual([
    expect.stringMatching(/^\/b\.yaml is left out/),
    expect.stringMatching(/^\/c\.yaml is left out.*firmware: found "coreboot"/),
    expect.stringMatching(/^a in \/d\.yaml is left out.*there already/),
  ]);
  await box.systems.entries();
  expect(box.warnings.length).toBe(3);
});

test('a word is an id or an alias in any case; another one gets what may have been meant', async () => {
  await using box = await withFiles({ 'a.yaml': file('a', system('debian13', '\n    aliases: [debian]')) });
  for (const ref of ['debian13', 'Debian', ' debian '])
    expect((await box.systems.find(ref)).entry.id).toBe('debian13');
  expect((await box.systems.find('tiny')).kind).toBe('item');
  await expect(box.systems.find('debain')).rejects.toMatchObject({
    code: 'catalog-entry-not-found',
    facts: { ref: 'debain', known: ['debian'] },
  });
  await expect(box.systems.find('zzzzzzzz')).rejects.toMatchObject({
    facts: { known: ['debian', 'ubuntu', 'fedora', 'windows'] },
  });
});

test('the real files: what people look for comes first', async () => {
  const warnings: string[] = [];
  const systems = createSystems({
    folder: entriesFolder,
    warn: (text) => warnings.push(text),
    osinfo: async () => null,
  });
  const first = async (search: string) => (await systems.entries(search))[0]?.id;
  expect(warnings).toEqual([]);
  expect((await systems.find('debian')).entry.id).toMatch(/^debian\d+$/);
  expect((await systems.find('debian')).entry.id).toBe(await first('debian'));
  expect(await first('DEBIAN 12')).toBe('debian12');
  expect(await first('windows 11')).toBe('win11');
  expect(await first('fedóra kde')).toBe('fedora-kde');
  expect(await systems.entries('no such thing')).toEqual([]);
  expect((await systems.entries(' '))[0]?.id).toBe('tiny');
});
