// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PhyllomeError } from '../../contract/errors.ts';
import { someHeader, type SomeFile } from './testing.ts';
import { createTree } from './tree.ts';

function merge(layers: readonly (readonly SomeFile[])[], whiteouts = true) {
  const tree = createTree('img', whiteouts);
  for (const [layer, files] of layers.entries())
    for (const [entry, file] of files.entries()) tree.add(someHeader(file), layer, entry);
  return tree;
}

/** The paths of all files, hard links together, each with the layer it came from. */
const result = (...layers: (readonly SomeFile[])[]): string[] =>
  merge(layers)
    .files()
    .filter(({ paths }) => paths[0] !== '')
    .map(
      ({ paths, layer, header }) =>
        `${paths.toSorted().join('=')}${header.type === 'directory' ? '/' : ''}@${layer}`,
    )
    .toSorted();

const dir = (path: string): SomeFile => ({ path, type: 'directory' });
const link = (path: string, target: string): SomeFile => ({ path, type: 'link', target });
const hard = (path: string, target: string): SomeFile => ({ path, type: 'hard-link', target });

describe('layers', () => {
  test('the upper file wins, and a whiteout takes one out', () => {
    expect(result([{ path: 'a' }, { path: 'b' }, { path: 'c' }], [{ path: 'a' }, { path: '.wh.b' }])).toEqual(
      ['a@1', 'c@0'],
    );
  });
  test('a whiteout of a folder takes all of it', () => {
    expect(result([{ path: 'd/x' }, { path: 'd/y/z' }], [{ path: '.wh.d' }, { path: 'd/new' }])).toEqual([
      'd/@1',
      'd/new@1',
    ]);
  });
  test('an opaque folder keeps what its own layer has, whatever the order', () => {
    const lower = [{ path: 'd/old' }, { path: 'd/sub/old' }];
    const opaque = { path: 'd/.wh..wh..opq' };
    const expected = ['d/@1', 'd/new@1'];
    expect(result(lower, [dir('d'), opaque, { path: 'd/new' }])).toEqual(expected);
    expect(result(lower, [dir('d'), { path: 'd/new' }, opaque])).toEqual(expected);
  });
  test('a folder over a folder keeps its files, a file over a folder does not', () => {
    expect(result([{ path: 'd/x' }], [dir('d/')])).toEqual(['d/@1', 'd/x@0']);
    expect(result([{ path: 'd/x' }], [{ path: 'd' }])).toEqual(['d@1']);
  });
  test('in a plain archive a file may be named like a whiteout', () => {
    const files = merge([[{ path: 'a' }, { path: '.wh.a' }]], false).files();
    expect(files.flatMap(({ paths }) => paths).toSorted()).toEqual(['', '.wh.a', 'a']);
  });
  test('hard links are one file, also over layers', () => {
    expect(result([{ path: 'a' }, hard('b', './a')], [hard('c', 'a')])).toEqual(['a=b=c@0']);
  });
  test('files below a link go where it leads', () => {
    expect(
      result(
        [dir('usr/lib'), link('lib', 'usr/lib'), link('abs', '/usr')],
        [{ path: 'lib/x' }, { path: 'abs/y' }],
      ),
    ).toEqual(['abs@0', 'lib@0', 'usr/@0', 'usr/lib/@0', 'usr/lib/x@1', 'usr/y@1']);
  });
});

describe('hostile paths', () => {
  test.each<[string, SomeFile[], string[]]>([
    ['up and out', [{ path: '../../etc/passwd' }], ['etc/@0', 'etc/passwd@0']],
    ['from the root', [{ path: '/etc/passwd' }], ['etc/@0', 'etc/passwd@0']],
    ['through a link', [link('out', '../../../tmp'), { path: 'out/x' }], ['out@0', 'tmp/@0', 'tmp/x@0']],
  ])('%s stays inside', (_what, files, expected) => {
    expect(result(files)).toEqual(expected);
  });
  test.each<[string, SomeFile[], RegExp]>([
    ['links in a circle', [link('a', 'b'), link('b', 'a'), { path: 'a/x' }], /circles/],
    ['a file below a file', [{ path: 'a' }, { path: 'a/b' }], /no directory/],
    ['a hard link to nothing', [hard('a', '../b')], /no file of it/],
    ['a hard link to a folder', [dir('d'), hard('a', 'd')], /no file of it/],
    ['a name that is too long', [{ path: 'x'.repeat(256) }], /255/],
    ['a path that is too long', [{ path: 'x/'.repeat(2100) }], /4096/],
    [
      'folders that are too deep',
      [{ path: `${'a/'.repeat(1500)}b` }, link('l', 'a/'.repeat(1500)), { path: `l/${'c/'.repeat(1500)}d` }],
      /deep/,
    ],
    ['a file named ".."', [{ path: 'a/..' }], /named/],
  ])('%s is refused', (_what, files, reason) => {
    expect(() => merge([files])).toThrow(reason);
  });

  test('whatever the paths are, every file ends up below the root, below real folders, once', () => {
    const part = fc.constantFrom('a', 'b', 'c', '..', '.', '', '.wh.a', '.wh..wh..opq');
    const path = fc.array(part, { minLength: 1, maxLength: 5 }).map((parts) => parts.join('/'));
    const file = fc.record({
      path,
      type: fc.constantFrom('file', 'link', 'directory', 'hard-link'),
      target: path,
    });
    fc.assert(
      fc.property(fc.array(fc.array(file, { maxLength: 8 }), { maxLength: 4 }), (layers) => {
        let files;
        try {
          files = merge(layers).files();
        } catch (error) {
          expect((error as PhyllomeError).code).toBe('micro-image-invalid');
          return;
        }
        const kinds = new Map(
          files.flatMap(({ paths, header }) => paths.map((one) => [one, header.type] as const)),
        );
        expect(kinds.size).toBe(files.flatMap(({ paths }) => paths).length);
        for (const one of kinds.keys()) {
          if (one === '') continue;
          const parts = one.split('/');
          expect(parts.every((word) => word !== '' && word !== '.' && word !== '..')).toBe(true);
          expect(kinds.get(parts.slice(0, -1).join('/'))).toBe('directory');
        }
      }),
      { numRuns: 500 },
    );
  });
});

test('says whether a path is there, links followed', () => {
  const tree = merge([
    [dir('usr/bin'), link('bin', 'usr/bin'), { path: 'usr/bin/sh' }, link('loop', 'loop')],
  ]);
  expect([tree.has('bin/sh'), tree.has('/bin/../bin/sh'), tree.has('bin/nope'), tree.has('loop/x')]).toEqual([
    true,
    true,
    false,
    false,
  ]);
});
