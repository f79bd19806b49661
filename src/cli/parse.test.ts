// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from 'vitest';
import { PhyllomeError } from '../contract/errors.ts';
import { commands } from './commands.ts';
import { findCommand, parseInput, splitCommand } from './parse.ts';

const parse = (...words: string[]) => {
  const { name = '', rest } = splitCommand(words, commands);
  return parseInput(findCommand(commands, name), rest);
};

function refusal(...words: string[]): string {
  try {
    parse(...words);
  } catch (error) {
    if (error instanceof PhyllomeError && error.code === 'usage-error') return error.message;
    throw error;
  }
  throw new Error('it was accepted');
}

describe('what is understood', () => {
  test('arguments, flags, texts and numbers', () => {
    const { input, flags } = parse('logs', 'my tiny', '--source', 'vmm', '-l', '5', '--follow', '--json');
    expect(input.argument('NAME')).toBe('my tiny');
    expect(input.text('source')).toBe('vmm');
    expect(input.number('lines')).toBe(5);
    expect(input.flag('follow')).toBe(true);
    expect(input.flag('service')).toBe(false);
    expect(flags).toEqual(new Set(['follow', 'json']));
  });

  test('common options before the command', () => {
    expect(parse('--json', 'list').flags).toEqual(new Set(['json']));
  });

  test('a name that looks like an option, after --', () => {
    expect(parse('show', '--', '--json').input.argument('NAME')).toBe('--json');
  });

  test('--option=value, also when the value begins with a dash', () => {
    expect(parse('create', 'x', '--file=-').input.text('file')).toBe('-');
    expect(parse('create', 'x', '--file', '-').input.text('file')).toBe('-');
    expect(parse('create', 'x', '--from=-x').input.text('from')).toBe('-x');
  });

  test('an argument that may be several takes the rest', () => {
    expect(parse('press', 'tiny', 'ctrl', 'alt', 'delete').input.list('KEY')).toEqual([
      'ctrl',
      'alt',
      'delete',
    ]);
    expect(() => parse('press', 'tiny')).toThrow('KEY is missing');
    expect(() => parse('show', 'tiny', 'x')).toThrow('one word too many');
  });

  test('--help without the arguments', () => {
    expect(parse('show', '--help').flags.has('help')).toBe(true);
  });

  test('--version', () =>
    expect(splitCommand(['--version', '--json'], commands)).toEqual({ name: 'version', rest: ['--json'] }));
});

describe('what is refused', () => {
  test.each([
    [['shwo'], 'There is no command "shwo". Did you mean "show"?'],
    [['ls'], 'There is no command "ls". Did you mean "list"?'],
    [['frobnicate'], 'There is no command "frobnicate".'],
    [['names'], 'KIND is missing: machine, bin, image, catalog or machine-or-catalog.'],
    [['list', '--bni'], '"list" has no option --bni. Did you mean "--bin"?'],
    [['list', '-x'], '"list" has no option -x.'],
    [['list', '--bin=yes'], '--bin takes no value.'],
    [['show'], 'NAME is missing: name or id of the machine.'],
    [['show', 'a', 'b'], '"b" is one word too many. A name with spaces needs quotes.'],
    [['list', 'b'], '"b" is one word too many.'],
    [['logs', 'x', '--lines', '--follow'], '--lines needs a value.'],
    [['logs', 'x', '--lines'], '--lines needs a value.'],
    [['logs', 'x', '--lines', '0'], '--lines must be a whole number from 1 to 10000, not "0".'],
    [['stop', 'x', '--timeout', '1e3'], '--timeout must be a whole number from 1 to 3600, not "1e3".'],
    [['stop', 'x', '--timeout', ''], '--timeout must be a whole number from 1 to 3600, not "".'],
  ])('%j', (words, message) => expect(refusal(...words)).toBe(message));

  test('never suggests a hidden command', () => expect(refusal('name')).toBe('There is no command "name".'));

  test('asking the table for what it does not declare is a defect', () => {
    const { input } = parse('list');
    expect(() => input.flag('force')).toThrow('declares no option');
    expect(() => input.argument('NAME')).toThrow('declares no argument');
  });
});
