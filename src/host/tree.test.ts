// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { nameIn, numberIn, openTree, switchIn } from './tree.ts';

const base = mkdtempSync(join(tmpdir(), 'tree-'));
afterAll(() => rmSync(base, { recursive: true, force: true }));
const root = join(base, 'root');
const put = (path: string, content: string | Buffer) => {
  mkdirSync(join(root, path, '..'), { recursive: true });
  writeFileSync(join(root, path), content);
};
writeFileSync(join(base, 'secret'), 'outside');
put('sys/devices/pci/card/vendor', '0x8086\n');
put('sys/bus/pci/devices/.keep', '');
put('etc/real', 'inside\n');
symlinkSync('../../../devices/pci/card', join(root, 'sys/bus/pci/devices/card'));
symlinkSync('/etc/real', join(root, 'etc/absolute'));
symlinkSync('../../../../../../secret', join(root, 'etc/escape'));
symlinkSync(join(base, 'secret'), join(root, 'etc/escape2'));
symlinkSync('b', join(root, 'etc/a'));
symlinkSync('a', join(root, 'etc/b'));

test('links are followed below the root, relative and absolute ones', () => {
  const tree = openTree(root);
  expect(tree.text('sys/bus/pci/devices/card/vendor')).toBe('0x8086');
  expect(tree.text('/etc/absolute')).toBe('inside');
  expect(tree.resolve('sys/bus/pci/devices/card')).toBe('sys/devices/pci/card');
  expect(tree.linkName('sys/bus/pci/devices/card')).toBe('card');
  expect([...tree.failures]).toEqual([]);
});

test('nothing outside the root is read, and circles end', () => {
  const tree = openTree(root);
  for (const path of ['etc/escape', 'etc/escape2', '../secret', 'etc/../../secret', 'etc/a', 'etc/b/c']) {
    expect(tree.text(path)).toBe(null);
    expect(tree.list(path)).toEqual([]);
    expect(tree.exists(path)).toBe(false);
  }
});

test('what is not there is no failure; what cannot be read is one', () => {
  put('proc/locked', 'x');
  const tree = openTree(root);
  expect(tree.text('proc/nothing')).toBe(null);
  expect(tree.text('proc/nothing/at/all')).toBe(null);
  expect(tree.text('proc')).toBe(null);
  expect([...tree.failures]).toEqual([]);
  // Root may read everything: there only the path through a file that is no folder can be seen.
  chmodSync(join(root, 'proc/locked'), 0o000);
  if (process.getuid?.() !== 0) {
    expect(tree.text('proc/locked')).toBe(null);
    expect([...tree.failures]).toEqual([['/proc/locked', 'EACCES']]);
  }
});

test('a named pipe holds nobody up, and a flood is cut', () => {
  mkdirSync(join(root, 'odd'), { recursive: true });
  execFileSync('mkfifo', [join(root, 'odd/pipe')]);
  put('odd/flood', Buffer.alloc(2 ** 20, 'x'));
  const tree = openTree(root);
  expect(tree.text('odd/pipe')).toBe('');
  expect(tree.text('odd/flood', 1000)).toHaveLength(1000);
  expect(tree.text('odd/flood')?.length).toBe(256 * 1024);
});

test('names and contents that are not UTF-8 are said, not thrown', () => {
  mkdirSync(join(root, 'names'), { recursive: true });
  writeFileSync(Buffer.concat([Buffer.from(join(root, 'names/')), Buffer.from([0xff, 0x41])]), '');
  put('names/good', Buffer.from([0x41, 0xff, 0x42, 0x00, 0x0a]));
  const tree = openTree(root);
  expect(tree.list('names')).toEqual(['good']);
  expect([...tree.failures]).toEqual([['/names', 'names in it are not UTF-8']]);
  expect(nameIn(tree, 'names/good')).toBe('A\ufffdB');
});

test.each([
  ['12\n', 12],
  ['0x10', 16],
  ['-1', -1],
  ['', null],
  ['12 34', null],
  ['99999999999999999999', null],
  ['\u0000\u0001', null],
])('%j is the number %j', (content, number) => {
  put('number', content);
  expect(numberIn(openTree(root), 'number')).toBe(number);
});

test('switches of modules', () => {
  put('y', 'Y\n');
  put('zero', '0\n');
  put('auto', '-1\n');
  const tree = openTree(root);
  expect([switchIn(tree, 'y'), switchIn(tree, 'zero'), switchIn(tree, 'auto')]).toEqual([true, false, null]);
});
