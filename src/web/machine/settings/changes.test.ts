// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { changedKeys, changesBetween, getAt, isSame, setAt, withMine, type Change } from './changes.ts';

/** As the service makes the changes: one after the other (engine/definition-change.ts). */
function apply(value: unknown, changes: readonly Change[]): unknown {
  return changes.reduce<unknown>((result, { path, value: next }) => {
    const list = getAt(result, path.slice(0, -1));
    const index = path.at(-1);
    if (Array.isArray(list)) expect(index).toBeLessThanOrEqual(list.length);
    return setAt(result, path, next);
  }, value);
}

const disk = (file: string, more = {}) => ({ file, format: 'qcow2', ...more });

describe('what has to be sent', () => {
  test('only the value that differs', () => {
    const before = { cpu: { vcpus: 2 }, disks: [disk('a'), disk('b')] };
    const after = setAt(setAt(before, ['disks', 1, 'cache'], 'none'), ['cpu', 'vcpus'], 4);
    expect(changesBetween(before, after)).toEqual([
      { path: ['cpu', 'vcpus'], value: 4 },
      { path: ['disks', 1, 'cache'], value: 'none' },
    ]);
  });

  test('a removed entry is one removal, whichever it was', () => {
    const before = { disks: ['a', 'b', 'c'].map((file) => disk(file)) };
    for (const index of [0, 1, 2]) {
      expect(changesBetween(before, setAt(before, ['disks', index], undefined))).toEqual([
        { path: ['disks', index] },
      ]);
    }
  });

  test('an entry removed and another edited', () => {
    const before = { disks: ['a', 'b', 'c'].map((file) => disk(file)) };
    const after = { disks: [disk('b'), disk('c', { cache: 'none' })] };
    expect(changesBetween(before, after)).toEqual([
      { path: ['disks', 2, 'cache'], value: 'none' },
      { path: ['disks', 0] },
    ]);
  });

  test('a new entry goes to the end', () => {
    const before = { disks: [disk('a')] };
    expect(changesBetween(before, { disks: [disk('a'), disk('b')] })).toEqual([
      { path: ['disks', 1], value: disk('b') },
    ]);
  });

  test('a key that is left out', () => {
    expect(changesBetween({ autostart: { order: 1 } }, {})).toEqual([{ path: ['autostart'] }]);
  });

  test('whatever was edited, the changes lead there', () => {
    const leaf = fc.oneof(fc.constantFrom('a', 'b'), fc.integer({ min: 0, max: 3 }), fc.boolean());
    const entry = fc.dictionary(fc.constantFrom('file', 'bus', 'size'), leaf);
    const list = fc.oneof(fc.array(entry, { maxLength: 5 }), fc.array(leaf, { maxLength: 5 }));
    const definition = fc.record({
      cpu: entry,
      disks: list,
      nics: fc.array(fc.record({ forwards: list }), { maxLength: 3 }),
    });
    fc.assert(
      fc.property(definition, definition, (before, after) => {
        expect(apply(before, changesBetween(before, after))).toEqual(after);
      }),
      { numRuns: 500 },
    );
  });
});

test('setting shares what it does not touch', () => {
  const before = { a: { b: 1 }, c: [1, 2] };
  const after = setAt(before, ['a', 'b'], 2);
  expect(before.a.b).toBe(1);
  expect(after.c).toBe(before.c);
  expect(setAt({}, ['nics', 0, 'forwards', 0], 'x')).toEqual({ nics: [{ forwards: ['x'] }] });
});

test('absent and undefined are the same', () => {
  expect(isSame({ a: undefined }, {})).toBe(true);
  expect(isSame([1], [1, 2])).toBe(false);
});

test('my edits are kept on what somebody else saved meanwhile', () => {
  const base = { name: 'a', memory: 1, sound: 'none' } as never;
  const mine = { name: 'a', memory: 2 } as never;
  const theirs = { name: 'b', memory: 1, sound: 'none' } as never;
  expect(changedKeys(base, mine)).toEqual(['memory', 'sound']);
  expect(withMine(theirs, mine, changedKeys(base, mine))).toEqual({ name: 'b', memory: 2 });
});
