// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { parsePath, readValue } from './setting.ts';

test.each([
  ['memory', ['memory']],
  ['cpu.vcpus', ['cpu', 'vcpus']],
  ['disks[0].cache', ['disks', 0, 'cache']],
  ['nics[1].forwards[12].hostPort', ['nics', 1, 'forwards', 12, 'hostPort']],
  ['', null],
  ['.cpu', null],
  ['cpu.', null],
  ['cpu..vcpus', null],
  ['disks[x]', null],
  ['disks[0', null],
  ['[0]', null],
  ['a b', null],
])('%s', (text, path) => {
  expect(parsePath(text)).toEqual(path);
});

test.each([
  ['cpu.vcpus', '4', 4],
  ['memory', '4GiB', '4GiB'],
  ['rng', 'false', false],
  ['autostart', '{ order: 3 }', { order: 3 }],
  ['nics', '[]', []],
  ['boot.commandLine', '', ''],
  // Only a text can stand here.
  ['name', '2024', '2024'],
  ['name', 'true', 'true'],
  ['name', '"quoted"', 'quoted'],
  ['devices[0].vendor', '0010', '0010'],
  ['disks[0].serial', '0x10', '0x10'],
  // Nothing is known of these, so the service will say what is wrong.
  ['nonsense.x', '7', 7],
  ['disks[0].__proto__', '7', 7],
])('%s=%s', (path, text, value) => {
  expect(readValue(parsePath(path) ?? [], text, parse)).toEqual(value);
});
