// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { visible } from './visible.ts';

test.each([
  ['plain', 'plain'],
  ['\u001b[1;32mgreen\u001b[0m', 'green'],
  ['tiny:/# \u001b[6n', 'tiny:/# '],
  ['\u001b]0;title\u0007text', 'text'],
  ['\u001b]0;title\u001b\\text', 'text'],
  ['\u001b(Btext\u001bc', 'text'],
  ['line\r', 'line'],
  ['over\rwritten', 'over\\u000dwritten'],
  ['a\tb', 'a\tb'],
  ['\u0000\u0007', '\\u0000\\u0007'],
  ['\u202egnol', '\\u202egnol'],
  ['<img src=x onerror=alert(1)>', '<img src=x onerror=alert(1)>'],
])('%j is shown as %j', (line, shown) => {
  expect(visible(line)).toBe(shown);
});
