// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { optionValue } from './option-value.ts';

/** As option_parser of Cloud Hypervisor reads it: commas outside of quotes and brackets cut, quotes are taken off. */
function read(text: string): Record<string, string> {
  const parts = [''];
  let quoted = false;
  let brackets = 0;
  for (const letter of text.trim()) {
    if (letter === '"') quoted = !quoted;
    else if (!quoted && letter === '[') brackets += 1;
    else if (!quoted && letter === ']') brackets -= 1;
    else if (!quoted && letter === ',' && brackets === 0) {
      parts.push('');
      continue;
    }
    if (brackets < 0) throw new Error('invalid syntax');
    parts.push(`${parts.pop()}${letter}`);
  }
  if (quoted || brackets !== 0) throw new Error('invalid syntax');
  return Object.fromEntries(
    parts.map((part) => {
      const at = part.indexOf('=');
      return [part.slice(0, at), dequote(part.slice(at + 1).trim())];
    }),
  );
}

function dequote(text: string): string {
  let before = '';
  let quoted = false;
  let out = '';
  for (const letter of text) {
    if (letter === '"') {
      if (before === '"' && !quoted) out += '"';
      quoted = !quoted;
    } else out += letter;
    before = letter;
  }
  return out;
}

test('every path comes back as it was', () => {
  const path = fc.string({
    unit: fc.constantFrom(',', '"', '[', ']', '=', ' ', 'a', 'ü', '/', '\\', '\n'),
    minLength: 1,
  });
  fc.assert(
    fc.property(path, (value) => {
      expect(read(optionValue('path', value))).toEqual({ path: value });
    }),
    {
      numRuns: 2000,
    },
  );
});

test('what needs no quotes gets none', () => {
  expect(optionValue('path', '/run/user/1000/a b=c')).toBe('path=/run/user/1000/a b=c');
  expect(optionValue('path', '/run/a,b')).toBe('path="/run/a,b"');
});
