// SPDX-License-Identifier: Apache-2.0
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createDefinitionEditor } from './definition-editor.ts';
import { revisionOf } from './definition-file.ts';
import { openStore, type Store } from './store.ts';
import { definitionText, putMachine, sandbox, someId, type Sandbox } from './testing.ts';

const otherId = '7f1c2b3a-1111-4111-8111-111111111111';

async function editorFor(place: Sandbox) {
  const directory = await putMachine(place.paths);
  const store = await openStore(place.paths);
  const told: string[] = [];
  const editor = createDefinitionEditor(store, ({ name }) => told.push(name));
  const machine = store.find(someId);
  const text = () => readFile(join(directory, 'machine.yaml'), 'utf8');
  return { directory, store, editor, machine, text, told };
}

const disk = { file: 'disks/data.raw', format: 'raw', size: '1MiB' };

describe('changes', () => {
  test('are written with the comments of the owner, and told', async () => {
    await using place = await sandbox();
    const { editor, machine, text, told } = await editorFor(place);
    const changed = await editor.change(machine, { changes: [{ path: ['memory'], value: '1GiB' }] });
    expect(changed.definition?.memory).toBe(2 ** 30);
    expect(await text()).toBe(definitionText().replace('512MiB', '1GiB'));
    expect(told).toEqual(['tiny']);
  });

  test('at the same time do not lose each other', async () => {
    await using place = await sandbox();
    const { editor, machine, store } = await editorFor(place);
    const keys = ['rng', 'balloon', 'agent', 'clipboard'];
    await Promise.all([
      ...keys.map((key) => editor.change(machine, { changes: [{ path: [key], value: false }] })),
      editor.rename(machine, 'other'),
    ]);
    expect(store.find('other').definition).toMatchObject({ rng: false, balloon: false, agent: false });
  });

  test('of an outdated text are refused, and those after them are not', async () => {
    await using place = await sandbox();
    const { editor, machine, text } = await editorFor(place);
    const revision = revisionOf(await text());
    const changes = [{ path: ['rng'], value: false }];
    await editor.change(machine, { changes, revision });
    await expect(editor.change(machine, { changes, revision })).rejects.toMatchObject({
      code: 'definition-changed',
    });
    await expect(editor.replace(machine, { yaml: definitionText(), revision })).rejects.toMatchObject({
      code: 'definition-changed',
    });
    await editor.change(machine, { changes, revision: revisionOf(await text()) });
  });

  test.each([
    ['another id', { path: ['id'], value: otherId }, 'definition-invalid'],
    ['a taken name', { path: ['name'], value: 'good' }, 'name-taken'],
    ['a wrong value', { path: ['memory'], value: 'lots' }, 'definition-invalid'],
    ['a wrong name', { path: ['name'], value: 'a/b' }, 'definition-invalid'],
  ])('%s is refused and nothing is written', async (_, change, code) => {
    await using place = await sandbox();
    await putMachine(place.paths, definitionText({ id: otherId, name: 'good' }), otherId);
    const { editor, machine, text, told, directory } = await editorFor(place);
    const changes = [{ path: ['disks', 0], value: disk }, change];
    await expect(editor.change(machine, { changes })).rejects.toMatchObject({ code });
    expect(await text()).toBe(definitionText());
    expect(told).toEqual([]);
    expect(await readdir(directory)).toEqual(['machine.yaml']);
  });

  test('a broken machine can be renamed, and repaired by its text', async () => {
    await using place = await sandbox();
    const { editor, machine, text } = await editorFor(place);
    await writeFile(join(machine.directory, 'machine.yaml'), definitionText().replace('512MiB', 'lots'));
    const renamed = await editor.rename(machine, 'Ünser PC');
    expect(renamed).toMatchObject({ name: 'Ünser PC', definition: null });
    expect(await text()).toContain('lots');
    const yaml = definitionText();
    expect((await editor.replace(machine, { yaml, revision: revisionOf(await text()) })).problems).toEqual(
      [],
    );
  });
});

describe('disks', () => {
  const content = (directory: string) => readdir(join(directory, 'disks'));

  test('that come into the definition are made', async () => {
    await using place = await sandbox();
    const { editor, machine, directory } = await editorFor(place);
    const changed = await editor.change(machine, { changes: [{ path: ['disks', 0], value: disk }] });
    expect(changed.definition?.disks).toHaveLength(1);
    expect(await content(directory)).toEqual(['data.raw']);
  });

  test('that are there already, lie elsewhere or have no size are not', async () => {
    await using place = await sandbox();
    const { editor, machine, directory } = await editorFor(place);
    await mkdir(join(directory, 'disks'));
    await writeFile(join(directory, 'disks/data.raw'), 'precious');
    const value = [
      disk,
      { ...disk, file: join(place.root, 'x.raw') },
      { file: 'disks/y.raw', format: 'raw' },
    ];
    await editor.change(machine, { changes: [{ path: ['disks'], value }] });
    expect(await content(directory)).toEqual(['data.raw']);
    expect(await readFile(join(directory, 'disks/data.raw'), 'utf8')).toBe('precious');
    expect(await readdir(place.root)).not.toContain('x.raw');
  });

  test('that vanished are not made again by another change', async () => {
    await using place = await sandbox();
    const { editor, machine, directory } = await editorFor(place);
    await putMachine(place.paths, `${definitionText()}disks: [${JSON.stringify(disk)}]\n`);
    await editor.change(machine, { changes: [{ path: ['rng'], value: false }] });
    expect(await readdir(directory)).toEqual(['machine.yaml']);
  });

  test('stay when they leave the definition', async () => {
    await using place = await sandbox();
    const { editor, machine, directory } = await editorFor(place);
    await editor.change(machine, { changes: [{ path: ['disks', 0], value: disk }] });
    const left = await editor.change(machine, { changes: [{ path: ['disks', 0] }] });
    expect(left.definition?.disks).toEqual([]);
    expect(await content(directory)).toEqual(['data.raw']);
  });

  test('are removed again when the definition cannot be written', async () => {
    await using place = await sandbox();
    const { machine, directory, store } = await editorFor(place);
    const full: Store = { ...store, write: () => Promise.reject(new Error('no space')) };
    const editor = createDefinitionEditor(full, () => {});
    await expect(editor.change(machine, { changes: [{ path: ['disks', 0], value: disk }] })).rejects.toThrow(
      'no space',
    );
    expect(await content(directory)).toEqual([]);
  });
});

test('changes that depend on what stands there see what others wrote before', async () => {
  await using place = await sandbox();
  const { editor, machine } = await editorFor(place);
  const seen: number[] = [];
  const double = () =>
    editor.adapt(machine, ({ memory }) => {
      seen.push(memory);
      return [{ path: ['memory'], value: memory * 2 }];
    });
  await Promise.all([double(), double()]);
  expect(seen).toEqual([2 ** 29, 2 ** 30]);
  const before = await editor.adapt(machine, () => []);
  expect(before.definition?.memory).toBe(2 ** 31);
});
