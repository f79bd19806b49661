// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { shellText } from './shell-text.ts';

test('a shell reads exactly what was meant', () => {
  const hostile = [
    'a b',
    "it's",
    '$(id)',
    '`id`',
    'line\nbreak',
    'back\\slash\u0001',
    '',
    '*',
    'é\u0085',
    '-x=1,y=2',
    '=a',
  ];
  const text = shellText(['printf', '%s\\0', ...hostile]);
  const output = execFileSync('bash', ['-c', text], { encoding: 'utf8' });
  expect(output.split('\0').slice(0, -1)).toEqual(hostile);
});

test('plain arguments stay readable', () => {
  expect(shellText(['/usr/bin/qemu', '-m', 'size=256M'])).toBe('/usr/bin/qemu \\\n  -m \\\n  size=256M');
});
