// SPDX-License-Identifier: Apache-2.0
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { importedPackages, neededPackages } from './manager-tree.ts';

const root = join(import.meta.dirname, '../..');

test('what the manager imports is what package.json gives to those who run it', async () => {
  const names = await importedPackages(root);
  const { dependencies } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>;
  };
  expect(names).toEqual(expect.arrayContaining(['fastify', 'ws', 'yaml']));
  expect(names.filter((name) => !Object.hasOwn(dependencies, name))).toEqual([]);
  // The page is built before.
  expect(names).not.toContain('react');
  // It reads all sources.
});

test('a package comes with what it needs, from the place where Node finds it', () => {
  const locked = {
    'node_modules/a': { dependencies: { b: '1', '@s/c': '1' } },
    'node_modules/a/node_modules/b': { dependencies: { d: '1' } },
    'node_modules/b': {},
    'node_modules/@s/c': { dependencies: { a: '1' } },
    'node_modules/d': {},
    'node_modules/unused': {},
  };
  expect(neededPackages(['a'], locked)).toEqual(['@s/c', 'a', 'a/node_modules/b', 'd']);
  expect(() => neededPackages(['missing'], locked)).toThrow('no missing');
});
