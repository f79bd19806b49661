// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { PhyllomeError } from '../contract/errors.ts';
import { changeText, type Change } from './definition-change.ts';
import { readDefinitionText } from './definition-file.ts';
import { definitionText, someId } from './testing.ts';

const text = `${definitionText()}
# How strong it is
cpu: { vcpus: 2 } # two
disks:
  # the system
  - file: disks/a.qcow2 # here
    format: qcow2
  - { file: disks/b.qcow2, format: qcow2, cache: none }
`;

const change = (...changes: Change[]) => changeText(text, changes);

function problemsOf(...changes: Change[]): unknown {
  try {
    change(...changes);
  } catch (error) {
    return (error as PhyllomeError).facts['problems'];
  }
  return 'nothing was wrong';
}

test('only the lines that change do', () => {
  const changed = change(
    { path: ['cpu', 'vcpus'], value: 4 },
    { path: ['memory'], value: 4 * 2 ** 30 },
    { path: ['disks', 0, 'cache'], value: 'unsafe' },
    { path: ['name'], value: 'a, "b": c # d' },
  );
  expect(changed.text).toBe(
    text
      .replace('vcpus: 2', 'vcpus: 4')
      .replace('512MiB', '4GiB')
      .replace('format: qcow2\n', 'format: qcow2\n    cache: unsafe\n')
      .replace('"tiny"', JSON.stringify('a, "b": c # d')),
  );
  expect(changed.definition).toEqual(readDefinitionText(changed.text));
  expect(changed.definition).toMatchObject({ cpu: { vcpus: 4 }, memory: 2 ** 32, name: 'a, "b": c # d' });
});

test('sizes may be texts, and are written as people write them', () => {
  expect(change({ path: ['memory'], value: '1.5GiB' }).definition.memory).toBe(1.5 * 2 ** 30);
  const disk = { file: 'disks/c.qcow2', format: 'qcow2', size: 10 * 2 ** 30 };
  const changed = change({ path: ['disks', 2], value: disk });
  expect(changed.text).toContain('size: 10GiB');
  expect(changed.definition.disks[2]?.size).toBe(10 * 2 ** 30);
});

test('groups and lists that are not there are made', () => {
  const changed = change(
    { path: ['display', 'type'], value: 'none' },
    { path: ['nics', 0], value: { type: 'user', forwards: [{ hostPort: 2222, guestPort: 22 }] } },
    { path: ['removable', 0, 'type'], value: 'cdrom' },
  );
  expect(changed.definition).toMatchObject({
    display: { type: 'none' },
    nics: [{ type: 'user', forwards: [{ hostPort: 2222 }] }],
    removable: [{ type: 'cdrom' }],
  });
  expect(changed.text).toContain('# the system');
});

test('what is left out is removed, and its default counts again', () => {
  const changed = change({ path: ['disks', 1] }, { path: ['cpu', 'vcpus'] }, { path: ['autostart'] });
  expect(changed.definition.disks).toHaveLength(1);
  expect(changed.definition.cpu.vcpus).toBe(2);
  expect(changed.text).toContain('# the system');
});

describe('mistakes', () => {
  test('are all told, with their paths', () => {
    expect(
      problemsOf({ path: ['cpu', 'vcpus'], value: 'many' }, { path: ['disks', 0, 'zap'], value: 1 }),
    ).toEqual([
      'cpu.vcpus: found "many"; allowed: a whole number from 1 to 512',
      expect.stringMatching(/^disks\[0\]\.zap: found an unknown key; allowed: only file/),
    ]);
  });

  test.each<[string, Change, RegExp]>([
    ['no path', { path: [], value: 1 }, /no path/],
    ['a gap', { path: ['disks', 3, 'file'], value: 'x' }, /disks\[3\]: found a gap/],
    ['a gap in a new list', { path: ['nics', 1], value: {} }, /nics\[1\]/],
    ['a key in a list', { path: ['disks', 'file'], value: 'x' }, /an index from 0 to 2/],
    ['an index in a group', { path: ['cpu', 0], value: 1 }, /the name of a key/],
    ['a key below a value', { path: ['memory', 'x'], value: 1 }, /memory: found a single value/],
    ['no value where one is needed', { path: ['memory'] }, /memory: found nothing/],
    ['a value of another kind', { path: ['disks'], value: 'x' }, /disks: found .*; allowed: a list/],
    ['nothing', { path: ['memory'], value: null }, /memory: found null/],
    ['a prototype', { path: ['__proto__', 'x'], value: 1 }, /unknown key/],
  ])('%s', (_, wrong, expected) => {
    expect(JSON.stringify(problemsOf(wrong))).toMatch(expected);
  });

  test('an alias is not changed behind the back of its other users', () => {
    const shared = `${definitionText()}nics: [&a { type: user }, *a]\n`;
    expect(() => changeText(shared, [{ path: ['nics', 1, 'model'], value: 'e1000e' }])).toThrow(/alias/);
    // The whole entry may be replaced.
    const changed = changeText(shared, [{ path: ['nics', 1], value: { type: 'none' } }]);
    expect(changed.definition.nics.map(({ type }) => type)).toEqual(['user', 'none']);
  });

  test('a text that is no YAML cannot be changed', () => {
    expect(() => changeText('a: [', [{ path: ['a'], value: 1 }])).toThrow(/not valid YAML/);
  });
});

test('no change makes another error than those of the list, nor a text that reads otherwise', () => {
  const key = fc.oneof(fc.constantFrom('disks', 'cpu', 'file', 'memory', '__proto__', ''), fc.string());
  const path = fc.array(fc.oneof(key, fc.nat(4)), { maxLength: 4 });
  const value = fc.oneof(fc.jsonValue(), fc.constant(undefined));
  fc.assert(
    fc.property(fc.array(fc.record({ path, value }), { maxLength: 3 }), (changes) => {
      try {
        const changed = changeText(text, changes);
        expect(readDefinitionText(changed.text)).toEqual(changed.definition);
        expect(changed.definition.id).toBeTypeOf('string');
      } catch (error) {
        expect((error as PhyllomeError).code).toMatch(/^definition-/);
      }
    }),
  );
});

test('an id can be changed here: whether it may is for the caller', () => {
  const other = someId.replace('6', '7');
  expect(change({ path: ['id'], value: other }).definition.id).toBe(other);
});
