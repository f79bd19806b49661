// SPDX-License-Identifier: Apache-2.0
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { findKey, keyAliases, keyNames, strokesOf } from './keys.ts';
import { nearWords } from './near-words.ts';
import { keyDocs, keyDocsFile } from './write-key-docs.ts';

test('every name is that of one key', () => {
  expect(new Set(keyNames).size).toBe(keyNames.length);
  for (const alias of Object.keys(keyAliases)) expect(keyNames).not.toContain(alias);
  // What the API takes for a name (contract/api.ts).
  for (const name of [...keyNames, ...Object.keys(keyAliases)]) expect(name).toMatch(/^[a-z0-9-]{1,20}$/);
});

test.each([
  ['ctrl', 'ctrl'],
  ['CTRL', 'ctrl'],
  [' Control ', 'ctrl'],
  ['F12', 'f12'],
  ['Windows', 'super'],
  ['constructor', null],
  ['__proto__', null],
  ['', null],
])('%j is %s', (name, key) => expect(findKey(name)).toBe(key));

test.each([
  ['delte', ['delete']],
  ['page-dwon', ['page-down']],
  ['vol', ['volume-up', 'volume-down']],
  ['zzzzzz', []],
])('near to %s', (name, expected) => {
  expect(nearWords(name, keyNames)).toEqual(expected);
});

test('a text becomes strokes, with shift where a US keyboard needs it', () => {
  expect(strokesOf('aB1!\t~\r\n').strokes).toEqual([
    ['a'],
    ['shift', 'b'],
    ['1'],
    ['shift', '1'],
    ['tab'],
    ['shift', 'grave'],
    ['enter'],
  ]);
});

test('everything that is printable in ASCII can be typed, each character in its own way', () => {
  const ascii = Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index)).join('');
  const { strokes, untypable } = strokesOf(ascii);
  expect(untypable).toEqual([]);
  expect(new Set(strokes.map((stroke) => stroke.join(' '))).size).toBe(95);
});

test('what cannot be typed is told, each character once and whole', () => {
  expect(strokesOf('zürich 🌱, ü\0').untypable).toEqual(['ü', '🌱', '\0']);
});

test('docs/keys.md is what "node src/contract/write-key-docs.ts" writes', async () => {
  expect(await readFile(keyDocsFile, 'utf8')).toBe(keyDocs());
});
