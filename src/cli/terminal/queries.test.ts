// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { withoutQueries } from './queries.ts';

test.each([
  ['where is the cursor', '\u001b[6n'],
  ['who are you', '\u001b[c'],
  ['who are you really', '\u001b[>0c'],
  ['version', '\u001b[>q'],
  ['background colour', '\u001b]11;?\u0007'],
  ['mode', '\u001b[?2026$p'],
  ['size', '\u001b[18t'],
  ['setting', '\u001bP$qm\u001b\\'],
  ['old ways', '\u001bZ\u0005'],
])('takes out: %s', (_, query) => {
  expect(withoutQueries(Buffer.from(`root# ${query}ls`)).toString()).toBe('root# ls');
});

test.each([
  '\u001b[31mred\u001b[0m',
  '\u001b]0;title\u0007',
  '\u001b[2J\u001b[5;10H',
  '\u001b[?25h',
  'größe 🦊',
])('leaves %j alone', (output) => expect(withoutQueries(Buffer.from(output)).toString()).toBe(output));
