// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { sandbox } from '../testing.ts';
import { requireNoTemplate } from './template.ts';
import { cloneBench, putDiskMachine, seenBy } from './testing.ts';

const on = { changes: [{ path: ['template'], value: true }] };
const off = { changes: [{ path: ['template'] }] };

test('a template keeps all but its name, until it is none', async () => {
  await using place = await sandbox();
  await putDiskMachine(place, []);
  const { store, definitions } = await cloneBench(place);
  const change = (changes: typeof on) => definitions.change(store.find('tiny'), changes);
  expect(() => requireNoTemplate(store.find('tiny'), 'start')).not.toThrow();
  await change(on);
  expect(() => requireNoTemplate(store.find('tiny'), 'start')).toThrow('tiny is a template');
  const memory = { changes: [{ path: ['memory'], value: 2 ** 30 }] };
  await expect(change(memory as never)).rejects.toMatchObject({ code: 'machine-template' });
  await change({ changes: [{ path: ['name'], value: 'base' as never }] });
  await definitions.rename(store.find('base'), 'tiny');
  // Setting it again changes nothing, and both at once are two steps in one.
  await change(on);
  await change({ changes: [...off.changes, ...memory.changes] as never });
  expect(store.find('tiny').definition).toMatchObject({ memory: 2 ** 30 });
  expect(store.find('tiny').definition?.template).toBeUndefined();
});

test('only a machine that does not run becomes one', async () => {
  await using place = await sandbox();
  await putDiskMachine(place, []);
  const { store, definitions } = await cloneBench(place, 'running');
  await expect(definitions.change(store.find('tiny'), on)).rejects.toMatchObject({ code: 'machine-state' });
  await definitions.change(store.find('tiny'), { changes: [{ path: ['memory'], value: 2 ** 30 }] });
});

test('clones of a template are machines like any other', async () => {
  await using place = await sandbox();
  await putDiskMachine(place);
  const { store, definitions, clone } = await cloneBench(place);
  await definitions.change(store.find('tiny'), on);
  const before = await seenBy(store.find('tiny'));
  const copy = await clone('tiny', 'other');
  expect(copy.definition?.template).toBeUndefined();
  expect(store.find('tiny').definition?.template).toBe(true);
  expect(await seenBy(copy)).toEqual(before);
});
