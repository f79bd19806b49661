// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { commandLineProblem, kernelParameters, keyValues, sharedDirectory } from './arguments.ts';
import { parseKeyValues } from './testing-key-values.ts';

describe('the reader that stands for crosvm', () => {
  // Cases of the tests in serde_keyvalue itself.
  test.for<[string, object]>([
    ['m=foo', { m: 'foo' }],
    ['m="foo"', { m: 'foo' }],
    ["m='foo'", { m: 'foo' }],
    ["m='fo,o'", { m: 'fo,o' }],
    [String.raw`m="esc\"aped \\ string"`, { m: String.raw`esc"aped \ string` }],
    [String.raw`m='\"'`, { m: String.raw`\"` }],
    ['m=""', { m: '' }],
    ['a,b=1', { a: true, b: '1' }],
    ['path=/a=b,ro', { path: '/a=b', ro: true }],
  ])('%s', ([text, value]) => expect(parseKeyValues(text)).toEqual(value));

  test.for([
    'm="foo',
    'm=fo"o',
    "m=fo'o",
    'm=fo[o',
    'm=',
    'm="a"b',
    String.raw`m="\n"`,
    '-m=1',
    'm=1,m=2',
    'm=1]',
  ])('refuses %s', (text) => expect(() => parseKeyValues(text)).toThrow(/position/));
});

const nasty = fc.string({
  unit: fc.constantFrom(',', '"', "'", '\\', '=', ' ', '[', ']', ':', 'ü', '🐧', '\n', '-', 'a', '/'),
});

test('every text comes back as it was', () => {
  fc.assert(
    fc.property(nasty, nasty, fc.boolean(), fc.nat(), (path, id, ro, size) => {
      expect(parseKeyValues(keyValues({ path, id, ro, size }))).toEqual({
        path,
        id,
        ro: String(ro),
        size: String(size),
      });
    }),
    { numRuns: 2000 },
  );
});

test('what needs no quotes gets none', () => {
  expect(keyValues({ path: '/a b=c', id: undefined, ro: true })).toBe('path=/a b=c,ro=true');
  expect(keyValues({ path: '/a,b' })).toBe("path='/a,b'");
  expect(keyValues({ path: `/a'"\\` })).toBe(String.raw`path="/a'\"\\"`);
});

test('folders with a colon cannot be shared', () => {
  expect(sharedDirectory('/home/ann/My Docs, all', 'docs')).toBe('/home/ann/My Docs, all:docs:type=fs');
  expect(sharedDirectory('/home/ann/a:b', 'docs')).toBeNull();
  expect(sharedDirectory('--cpus=1', 'docs')).toBeNull();
});

test('a command line stays one argument', () => {
  expect(kernelParameters(' ')).toEqual([]);
  expect(kernelParameters('root=/dev/vda quiet')).toEqual(['--params', 'root=/dev/vda quiet']);
  // crosvm would make two arguments of "--init=/bin/sh".
  expect(kernelParameters('--init=/bin/sh')).toEqual(['--params', ' --init=/bin/sh']);
});

test.for<[string, string, RegExp | null]>([
  ['an ordinary one', 'root=/dev/vda quiet', null],
  ['one with other letters', 'name=ü', /ASCII/],
  ['one with a tab', 'a\tb', /ASCII/],
  ['the longest', 'a'.repeat(2023), null],
  ['one that is too long', 'a'.repeat(2024), /longer than 2023/],
])('which command lines crosvm takes: %s', ([, text, problem]) => {
  if (problem === null) expect(commandLineProblem(text)).toBeNull();
  else expect(commandLineProblem(text)).toMatch(problem);
});
