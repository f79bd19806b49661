// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import type { SnapshotTree } from '../../../contract/snapshot.ts';
import { layOutTree, widthOf } from './tree-layout.ts';

/** Snapshots as "name<parent", the oldest first. */
function tree(current: string | null, ...words: string[]): SnapshotTree {
  const snapshots = words.map((word) => {
    const [id = '', parent = null] = word.split('<');
    const rest = { note: '', takenAt: '', memory: false, automatic: null, picture: false, bytes: 0 };
    return { id, name: id, parent, ...rest, problem: null };
  });
  return { current, snapshots };
}

test('a machine without snapshots is a dot without lines', () => {
  const rows = layOutTree(tree(null));
  expect(rows).toEqual([{ id: 'now', lane: 0, from: [], past: [], on: false }]);
  expect(widthOf(rows)).toBe(1);
});

test('one after the other is one straight line, the newest on top', () => {
  expect(layOutTree(tree('b', 'a', 'b<a'))).toEqual([
    { id: 'now', lane: 0, from: [], past: [], on: true },
    { id: 'b', lane: 0, from: [0], past: [], on: true },
    { id: 'a', lane: 0, from: [0], past: [], on: false },
  ]);
});

test('after going back, what was left is a branch beside the way to now', () => {
  const rows = layOutTree(tree('a', 'a', 'b<a', 'c<b'));
  expect(rows).toEqual([
    { id: 'now', lane: 0, from: [], past: [], on: true },
    { id: 'c', lane: 1, from: [], past: [0], on: true },
    { id: 'b', lane: 1, from: [1], past: [0], on: true },
    { id: 'a', lane: 0, from: [0, 1], past: [], on: false },
  ]);
  expect(widthOf(rows)).toBe(2);
});

test('a lane that has ended is used again, and trees of their own have no line between them', () => {
  const rows = layOutTree(tree('c', 'a', 'b', 'c<b'));
  expect(rows.map(({ id, lane, from, past, on }) => [id, lane, from.length, past.length, on])).toEqual([
    ['now', 0, 0, 0, true],
    ['c', 0, 1, 0, true],
    ['b', 0, 1, 0, false],
    ['a', 0, 0, 0, false],
  ]);
});

test('nothing stands above what follows it, even when the clock was set back', () => {
  const rows = layOutTree(tree('parent', 'child<parent', 'parent'));
  expect(rows.map(({ id }) => id)).toEqual(['now', 'child', 'parent']);
});

test('snapshots that name each other as parents end nowhere, but are shown', () => {
  expect(
    layOutTree(tree(null, 'a<b', 'b<a'))
      .map(({ id }) => id)
      .toSorted(),
  ).toEqual(['a', 'b', 'now']);
});
