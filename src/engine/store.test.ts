// SPDX-License-Identifier: Apache-2.0
import { mkdir, readdir, rm, writeFile, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openBin } from './bin.ts';
import { openStore } from './store.ts';
import { definitionText, putMachine, sandbox, someId } from './testing.ts';

const otherId = '7f1c2b3a-1111-4111-8111-111111111111';

describe('reading', () => {
  test('a machine is what its folder says, and a hand edit is seen at once', async () => {
    await using place = await sandbox();
    const directory = await putMachine(place.paths);
    const store = await openStore(place.paths);
    expect(store.list()).toMatchObject([
      { id: someId, name: 'tiny', problems: [], definition: { memory: 2 ** 29 } },
    ]);
    await writeFile(join(directory, 'machine.yaml'), definitionText({ name: 'Tiny' }));
    expect(store.find('Tiny').id).toBe(someId);
  });

  test.each<[string, string, RegExp]>([
    ['nonsense', 'a: [', /not valid YAML/],
    ['a wrong value', definitionText().replace('512MiB', 'lots'), /line 6: memory: found "lots"/],
    ['binary', '\u0000\u0001\u0002', /./],
    ['nothing', '', /the definition: found null/],
    ['another id', definitionText({ id: otherId }), /the folder is named .* but machine.yaml says/],
    ['a later format', definitionText().replace('formatVersion: 1', 'formatVersion: 99'), /formatVersion 99/],
  ])('a definition with %s is listed as broken, the others are untouched', async (_, text, expected) => {
    await using place = await sandbox();
    await putMachine(place.paths, text);
    await putMachine(place.paths, definitionText({ id: otherId, name: 'good' }), otherId);
    const store = await openStore(place.paths);
    const found = store.find(someId);
    expect(found.definition).toBeNull();
    expect(found.problems.join(' ')).toMatch(expected);
    expect(store.find('good').problems).toEqual([]);
  });

  test('a broken machine keeps the name people know, when that can be read', async () => {
    await using place = await sandbox();
    await putMachine(place.paths, definitionText({ name: 'My PC' }).replace('512MiB', 'lots'));
    const store = await openStore(place.paths);
    expect(store.list()[0]).toMatchObject({ name: 'My PC', definition: null });
  });

  test('a folder without machine.yaml is broken, a stray file is nothing', async () => {
    await using place = await sandbox();
    await mkdir(join(place.paths.machines, 'holiday'));
    await writeFile(join(place.paths.machines, 'README'), 'hello');
    const store = await openStore(place.paths);
    expect(store.list().map(({ name }) => name)).toEqual(['holiday']);
    expect(store.list()[0]?.problems[0]).toMatch(/machine.yaml cannot be read/);
  });

  test('a folder that vanishes is gone from the list, and comes back with it', async () => {
    await using place = await sandbox();
    const directory = await putMachine(place.paths);
    const store = await openStore(place.paths);
    expect(store.list()).toHaveLength(1);
    await rm(directory, { recursive: true });
    expect(store.list()).toEqual([]);
    await putMachine(place.paths);
    expect(store.list()).toHaveLength(1);
  });

  test('two machines of one name need the id', async () => {
    await using place = await sandbox();
    await putMachine(place.paths);
    await putMachine(place.paths, definitionText({ id: otherId }), otherId);
    const store = await openStore(place.paths);
    expect(() => store.find('tiny')).toThrow(/fits more than one machine/);
    expect(store.find(otherId).id).toBe(otherId);
  });

  test('what did not change is not read again', async () => {
    await using place = await sandbox();
    await putMachine(place.paths);
    const store = await openStore(place.paths);
    expect(store.list()[0]).toBe(store.list()[0]);
    await utimes(join(place.paths.machines, someId, 'machine.yaml'), 1, 1);
    expect(store.list()[0]?.name).toBe('tiny');
  });
});

describe('making', () => {
  test('a machine is listed when it is committed, not before', async () => {
    await using place = await sandbox();
    const store = await openStore(place.paths);
    await using stage = await store.stage(someId);
    await writeFile(join(stage.directory, 'disk'), 'x');
    expect(store.list()).toEqual([]);
    await stage.commit(definitionText());
    expect(store.list()).toHaveLength(1);
  });

  test('what is not committed leaves nothing', async () => {
    await using place = await sandbox();
    const store = await openStore(place.paths);
    {
      await using stage = await store.stage(someId);
      await writeFile(join(stage.directory, 'disk'), 'x');
    }
    expect(await readdir(place.paths.machines)).toEqual([]);
  });

  test('what a killed service left half-made is cleared away', async () => {
    await using place = await sandbox();
    await mkdir(join(place.paths.machines, `.new-${someId}`));
    const store = await openStore(place.paths);
    expect(store.list()).toEqual([]);
    expect(await readdir(place.paths.machines)).toEqual([]);
  });
});

describe('the bin', () => {
  test('a deleted machine comes back as it was', async () => {
    await using place = await sandbox();
    const directory = await putMachine(place.paths);
    await writeFile(join(directory, 'disk'), 'x'.repeat(10_000));
    const store = await openStore(place.paths);
    const bin = openBin(place.paths, store);

    const entry = await bin.put(store.find('tiny'));
    expect(entry).toMatchObject({ id: someId, name: 'tiny' });
    expect(entry.bytes).toBeGreaterThanOrEqual(10_000);
    expect(Date.parse(entry.deletedAt)).not.toBeNaN();
    expect(store.list()).toEqual([]);
    const { files, stays, ...listed } = entry;
    expect(files.map(({ file }) => file)).toEqual(['disk', 'machine.yaml']);
    expect(stays).toEqual([]);
    expect(await bin.list()).toEqual([listed]);

    expect((await bin.restore('tiny')).name).toBe('tiny');
    expect((await readdir(directory)).toSorted()).toEqual(['disk', 'machine.yaml']);
    expect(await bin.list()).toEqual([]);
  });

  test('a name that was taken meanwhile is not taken twice', async () => {
    await using place = await sandbox();
    await putMachine(place.paths);
    const store = await openStore(place.paths);
    const bin = openBin(place.paths, store);
    await bin.put(store.find('tiny'));
    await putMachine(place.paths, definitionText({ id: otherId }), otherId);
    await expect(bin.restore('tiny')).rejects.toThrow(/exists already/);
    expect(await bin.list()).toHaveLength(1);
  });

  test('a broken machine can be deleted and restored, too', async () => {
    await using place = await sandbox();
    await putMachine(place.paths, 'nonsense', 'holiday');
    const store = await openStore(place.paths);
    const bin = openBin(place.paths, store);
    await bin.put(store.find('holiday'));
    expect((await bin.restore('holiday')).problems).not.toEqual([]);
  });

  test('what is not in the bin cannot be restored', async () => {
    await using place = await sandbox();
    const bin = openBin(place.paths, await openStore(place.paths));
    await expect(bin.restore('tiny')).rejects.toThrow(/no deleted machine tiny/);
  });
});
