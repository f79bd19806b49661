// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { choiceLines, shortcomingLines } from './profile-text.ts';

const output = { style: (_: unknown, text: string) => text };

test('each choice stands with its reason', () => {
  const choices = [{ key: 'disks.bus', value: 'sata', reason: 'Every system\u001b[2J knows SATA.' }];
  const [, line = ''] = choiceLines({ choices });
  expect(line).toMatch(/^disks\.bus +sata +Every system.*knows SATA\.$/);
  expect(line).not.toContain('\u001b');
});

test('a machine that has all its guest wants is not spoken of', () => {
  expect(shortcomingLines({ name: 'Windows 11', shortcomings: [] }, output)).toEqual([]);
  const lines = shortcomingLines({ name: 'Windows 11', shortcomings: ['It wants 64GiB.'] }, output);
  expect(lines).toEqual(['', 'Less than Windows 11 wants', '  It wants 64GiB.']);
});
