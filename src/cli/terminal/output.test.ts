// SPDX-License-Identifier: Apache-2.0
import { PassThrough } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createOutput, plain, plainLine } from './output.ts';

describe('text that is safe to print', () => {
  test.each([
    ['tiny', 'tiny'],
    ['my, "tiny" 🦊 日本', 'my, "tiny" 🦊 日本'],
    ['\u001b[2Jgone', String.raw`\x1b[2Jgone`],
    ['\u009b31m', String.raw`\x9b31m`],
    ['a\nb\tc\r', String.raw`a\nb\tc\x0d`],
    ['exe\u202egnp', String.raw`exe\u{202e}gnp`],
    ['half \ud83e', 'half \ufffd'],
  ])('%j', (text, shown) => expect(plain(text)).toBe(shown));

  test('holds nothing that commands a terminal, whatever comes in', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        (text) => !/[\p{Cc}\u202a-\u202e\u2066-\u2069]/u.test(plain(text)),
      ),
    );
  });

  test('keeps the tabs of a log line and drops its carriage returns', () => {
    expect(plainLine('a\tb\u0007\r\r')).toBe(String.raw`a	b\x07`);
  });
});

function recorded(terminal: boolean, env: Record<string, string> = {}) {
  const stream = () => Object.assign(new PassThrough(), { isTTY: terminal, columns: 0 });
  const streams = { stdin: { isTTY: terminal }, stdout: stream(), stderr: stream() };
  const output = createOutput(streams, env);
  return { output, read: (name: 'stdout' | 'stderr') => String(streams[name].read() ?? '') };
}

describe('output', () => {
  test('is quiet when nobody watches', () => {
    const { output, read } = recorded(false);
    output.note('an aside');
    output.say('the answer');
    output.warn('a problem');
    expect(read('stdout')).toBe('the answer\n');
    expect(read('stderr')).toBe('a problem\n');
    expect(output.progressWidth).toBeNull();
    expect(output.interactive).toBe(false);
  });

  test('has colour on a terminal, unless it is not wanted', () => {
    expect(recorded(true).output.style('red', 'x')).toBe('\u001b[31mx\u001b[39m');
    expect(recorded(true, { NO_COLOR: '1' }).output.style('red', 'x')).toBe('x');
    expect(recorded(true, { TERM: 'dumb' }).output.style('red', 'x')).toBe('x');
    expect(recorded(false).output.style('red', 'x')).toBe('x');
  });

  test('takes 80 columns for a terminal that does not know its width', () => {
    expect(recorded(true).output.progressWidth).toBe(80);
  });
});
