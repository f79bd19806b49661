// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from 'vitest';
import { parseDefinition } from '../contract/definition.ts';
import { PhyllomeError } from '../contract/errors.ts';
import { readDefinitionText, revisionOf, writeDefinitionText } from './definition-file.ts';
import { definitionText, someId } from './testing.ts';

function problemsOf(text: string): unknown {
  try {
    return readDefinitionText(text);
  } catch (error) {
    return (error as PhyllomeError).facts['problems'] ?? (error as PhyllomeError).message;
  }
}

test('what we write we can read, sizes as people write them', () => {
  const disks = [{ file: 'disks/a, b.qcow2', format: 'qcow2', size: '20GiB' }];
  const definition = parseDefinition({
    formatVersion: 1,
    id: someId,
    name: 'yes # not a comment',
    architecture: 'x86_64',
    memory: '1.5GiB',
    boot: { type: 'kernel', kernel: 'k', commandLine: 'a: b # c' },
    disks,
  });
  const text = writeDefinitionText(definition);
  expect(text).toContain('memory: 1536MiB');
  expect(text).toContain('size: 20GiB');
  expect(readDefinitionText(text)).toEqual(definition);
});

describe('mistakes', () => {
  test('carry their line', () => {
    expect(problemsOf(`${definitionText()}cpu:\n  vcpus: many\n`)).toEqual([
      'line 9: cpu.vcpus: found "many"; allowed: a whole number from 1 to 512',
    ]);
    expect(problemsOf(`${definitionText()}disks:\n  - file: x\n    format: raw\n    zap: 1\n`)).toEqual([
      expect.stringMatching(/^line 11: disks\[0\]\.zap: found an unknown key/),
    ]);
  });

  test.each([
    ['a: [', /not valid YAML/],
    ['a: b: c', /not valid YAML/],
    [`${definitionText()}name: twice\n`, /not valid YAML: Map keys must be unique/],
    ['\t- x', /not valid YAML/],
    ['', /the definition: found null/],
    ['just words', /the definition: found "just words"/],
    ['- a\n- b', /the definition: found/],
  ])('%j is refused with words', (text, expected) => {
    expect(String(problemsOf(text))).toMatch(expected);
  });

  test('a few bytes that would become gigabytes are refused', () => {
    const bomb = [
      'a: &a [x,x,x,x,x,x,x,x,x]',
      ...'bcdefghi'.split('').map((key, index) => {
        const before = 'abcdefgh'[index];
        return `${key}: &${key} [${Array(9).fill(`*${before}`).join(',')}]`;
      }),
    ].join('\n');
    expect(String(problemsOf(bomb))).toMatch(/not valid YAML/);
  });
});

test('the revision changes with the text', () => {
  expect(revisionOf('a')).toBe(revisionOf('a'));
  expect(revisionOf('a')).not.toBe(revisionOf('a '));
});
