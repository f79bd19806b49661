// SPDX-License-Identifier: Apache-2.0
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { compileOsinfo } from './compile.ts';
import { osinfoEntries, withoutOurs } from './entries.ts';
import { createOsinfoFacts } from './facts.ts';
import { osinfoFolders } from './folders.ts';
import { createOsinfoMatcher } from './match.ts';
import { createOsinfo } from './osinfo.ts';
import { perlPattern } from './pattern.ts';

const wrap = (content: string) => `<?xml version="1.0"?>\n<libosinfo version="0.0.1">${content}</libosinfo>`;
const example = wrap(`
  <os id="http://example.org/ex/2">
    <short-id>ex2</short-id><short-id>extwo</short-id>
    <name>Example 2</name><name xml:lang="fr">Exemple 2</name>
    <version>2</version><vendor>Example &amp; Sons</vendor><family>linux</family><distro>ex</distro>
    <derives-from id="http://example.org/ex/1"/>
    <release-date>2020-02-03</release-date><eol-date>2025-02-03</eol-date>
    <media arch="x86_64"><url>https://example.org/ex2.iso</url>
      <iso><volume-id>^EX 2(\\.[[:digit:]]+)? x86_64</volume-id><publisher-id>EXAMPLE</publisher-id></iso></media>
    <media arch="x86_64" live="true"><iso><volume-id>EX</volume-id><volume-size>4096</volume-size></iso></media>
    <media arch="i686"><iso><volume-id>(unbalanced</volume-id></iso></media>
    <resources arch="all"><minimum><ram>1024</ram></minimum><recommended><n-cpus>2</n-cpus><ram>4096</ram><storage>9</storage></recommended></resources>
    <devices><device id="http://dev/net"/><device id="http://dev/old" supported="false"/></devices>
    <firmware arch="x86_64" type="efi"/>
  </os>`);
const parent = wrap(`
  <os id="http://example.org/ex/1"><short-id>ex1</short-id><name>Example 1</name><version>1</version>
    <family>linux</family><clones id="http://example.org/ex/2"/>
    <media arch="all"><iso><volume-id>EX 2</volume-id></iso></media>
    <devices><device id="http://dev/old"/><device id="http://dev/disk"/></devices></os>
  <device id="http://dev/net"><name>virtio-net</name></device>
  <device id="http://dev/disk"><name>virtio-block</name></device>`);
const database = compileOsinfo([example, parent, '<libosinfo><os id="x">', 'not XML at all', wrap('<os/>')]);
const labels = { volume: '', system: '', publisher: '', application: '', bytes: 0, architecture: null };

describe('what the files say', () => {
  test('translations are left out, entities are read, broken files do no harm', () => {
    expect(database.systems.map(({ name, vendor }) => [name, vendor])).toEqual([
      ['Example 2', 'Example & Sons'],
      ['Example 1', ''],
    ]);
    expect(database.systems[0]).toMatchObject({
      released: '2020-02-03',
      ends: '2025-02-03',
      shortIds: ['ex2', 'extwo'],
    });
  });

  test('another file adds to a system', () => {
    const more = wrap(
      '<os id="http://example.org/ex/2"><media arch="aarch64"><iso><volume-id>A</volume-id></iso></media></os>',
    );
    const added = compileOsinfo([example, more]).systems[0];
    expect(added?.name).toBe('Example 2');
    expect(added?.media).toHaveLength(4);
  });

  test('devices and resources come from where it comes from, also in a circle', () => {
    const facts = createOsinfoFacts(database)('extwo');
    expect(facts).toMatchObject({
      id: 'http://example.org/ex/2',
      shortId: 'ex2',
      minimum: { vcpus: 1, memoryBytes: 1024, diskBytes: 0 },
      recommended: { vcpus: 2, memoryBytes: 4096, diskBytes: 9 },
      devices: ['virtio-net', 'virtio-block'],
    });
    expect(createOsinfoFacts(database)('nobody')).toBeNull();
  });

  test('as entries of the catalogue', () => {
    const entries = osinfoEntries(database);
    expect(entries[0]).toMatchObject({ id: 'ex2', origin: 'osinfo', firmware: 'both', aliases: ['extwo'] });
    expect(entries[0]?.media).toEqual([
      expect.objectContaining({
        id: 'osinfo-1',
        name: 'ex2.iso',
        source: 'bring',
        page: 'https://example.org/ex2.iso',
      }),
    ]);
    expect(entries[1]?.media).toEqual([expect.objectContaining({ source: 'bring', kind: 'installer' })]);
    expect(withoutOurs(entries, [{ id: 'mine', aliases: ['extwo'] }]).map(({ id }) => id)).toEqual(['ex1']);
  });
});

describe('which medium matches', () => {
  const match = createOsinfoMatcher(database);
  test('all that a rule says has to match; expressions are found anywhere unless they say where', () => {
    expect(match({ ...labels, volume: 'EX 2.1 x86_64', publisher: 'THE EXAMPLE' })?.system.id).toBe(
      'http://example.org/ex/2',
    );
    expect(match({ ...labels, volume: 'ex 2.1 x86_64', publisher: 'EXAMPLE' })).toBeNull();
    // Without the publisher only the rule for all processors is left.
    expect(match({ ...labels, volume: 'EX 2.1 x86_64' })?.system.id).toBe('http://example.org/ex/1');
    expect(match(labels)).toBeNull();
  });
  test('the one that knows the size wins', () => {
    const found = match({ ...labels, volume: 'EX 2 x86_64', publisher: 'EXAMPLE', bytes: 4096 });
    expect(found?.medium).toMatchObject({ live: true, size: 4096 });
    expect(match({ ...labels, volume: 'EX', bytes: 4095 })).toBeNull();
  });
});

describe('expressions of Perl', () => {
  test.each([
    ['[[:digit:]]+[[:alpha:]]', '12a', true],
    [String.raw`\AEX\z`, 'EX', true],
    [String.raw`\AEX\z`, 'EX 2', false],
    ['(?i)debian', 'DEBIAN', true],
    ['a++b', 'aab', true],
    ['(7 (?!SP[123])|4).+', '7 SP1', false],
  ])('%s on %s: %s', (source, text, expected) => expect(perlPattern(source)?.test(text)).toBe(expected));
  test('what cannot be said here is skipped', () => {
    expect(perlPattern('(')).toBeNull();
    expect(perlPattern('(?<n>a)(?P<n>b)')).toBeNull();
    fc.assert(fc.property(fc.string(), (source) => void perlPattern(source)));
  });
});

describe('on this PC', () => {
  let folder: string;
  const put = async (name: string, content: string): Promise<void> => {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), content);
  };
  const open = () =>
    createOsinfo({
      folders: ['system', 'local', 'user'].map((name) => join(folder, name)),
      cacheDirectory: join(folder, 'cache'),
    });
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'osinfo-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  test('without the package there is nothing, and nothing fails', async () => {
    const osinfo = open();
    expect([await osinfo.load(), await osinfo.match(labels), await osinfo.entries()]).toEqual([
      null,
      null,
      [],
    ]);
    expect(await osinfo.facts('ex2')).toBeNull();
  });

  test('it is compiled once; a later folder takes the place of an earlier one', async () => {
    await put('system/os/example.org/ex-2.xml', example);
    await put('system/device/dev/a.xml', parent);
    expect((await open().facts('ex2'))?.name).toBe('Example 2');
    const [kept] = await readdir(join(folder, 'cache'));
    expect(kept).toMatch(/^osinfo-[0-9a-f]{32}\.json$/);
    // The cache is what is read: a change of it shows.
    const file = join(folder, 'cache', kept as string);
    await writeFile(
      file,
      JSON.stringify({ ...database, systems: [{ ...database.systems[0], name: 'Kept' }] }),
    );
    expect((await open().facts('ex2'))?.name).toBe('Kept');
    await writeFile(file, '{"form":');
    expect((await open().facts('ex2'))?.name).toBe('Example 2');
    await put('local/os/example.org/ex-2.xml', example.replace('Example 2', 'Local 2'));
    expect((await open().facts('ex2'))?.name).toBe('Local 2');
    expect(await readdir(join(folder, 'cache'))).toHaveLength(1);
    // An empty file takes it away.
    await put('user/os/example.org/ex-2.xml', '');
    expect(await open().facts('ex2')).toBeNull();
  });

  test('a cache that cannot be written only costs time', async () => {
    await put('system/os/a.xml', example);
    await put('cache', 'a file where the folder should be');
    expect((await open().facts('ex2'))?.name).toBe('Example 2');
  });

  test('where it looks', () => {
    expect(osinfoFolders({ HOME: '/h' })).toEqual(['/usr/share/osinfo', '/etc/osinfo', '/h/.config/osinfo']);
    expect(osinfoFolders({ HOME: '/h', XDG_CONFIG_HOME: '/c', OSINFO_SYSTEM_DIR: '/s' })).toEqual([
      '/s',
      '/etc/osinfo',
      '/c/osinfo',
    ]);
  });
});
