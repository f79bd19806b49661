// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { shellCommand, shellQuote } from './shell-quote.ts';

test.each([
  ['plain', 'plain'],
  ['/a,b=c', '/a,b=c'],
  ['', "''"],
  ['a b', "'a b'"],
  ["it's", String.raw`'it'\''s'`],
  ['{"a":"$HOME"}', `'{"a":"$HOME"}'`],
  ['=sh', "'=sh'"],
  ['~', "'~'"],
  ["a\n'\\\u001b", String.raw`$'a\012\'\\\033'`],
])('%j is written %s', (argument, written) => expect(shellQuote(argument)).toBe(written));

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
  const text = shellCommand(['printf', '%s\\0', ...hostile]);
  const output = execFileSync('bash', ['-c', text], { encoding: 'utf8' });
  expect(output.split('\0').slice(0, -1)).toEqual(hostile);
});

test('plain arguments stay readable', () => {
  expect(shellCommand(['/usr/bin/qemu', '-m', 'size=256M'])).toBe('/usr/bin/qemu \\\n  -m \\\n  size=256M');
});

test('a shell reads back exactly what was quoted', () => {
  // NUL cannot be in an argument; everything else can.
  const argument = fc
    .string({ unit: 'grapheme' })
    .filter((text) => !text.includes('\0') && text.isWellFormed());
  const control = fc.string({
    unit: fc.constantFrom('\n', '\t', '\u001b', '\u0085', "'", '\\', '$', '1', 'x'),
  });
  fc.assert(
    fc.property(fc.array(fc.oneof(argument, control), { minLength: 1, maxLength: 40 }), (command) => {
      const line = `printf '%s\\0' ${shellCommand(command)}`;
      const read = execFileSync('bash', ['-c', line], { encoding: 'utf8' }).split('\0').slice(0, -1);
      expect(read).toEqual(command);
    }),
    { numRuns: 25 },
  );
});
