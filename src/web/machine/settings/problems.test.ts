// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { problemAt, readTextProblem } from './problems.ts';

test('a mistake in a text has a line, or none', () => {
  expect(readTextProblem('line 12: cpu.vcpus: found 0; allowed: more')).toEqual({
    line: 12,
    text: 'cpu.vcpus: found 0; allowed: more',
  });
  expect(readTextProblem('memory: found nothing')).toEqual({ line: null, text: 'memory: found nothing' });
});

test('a mistake belongs to its field, and to the groups around it', () => {
  const problem = { path: ['disks', 1, 'bus'], found: 'x', allowed: 'y' };
  expect(problemAt([problem], ['disks', 1, 'bus'])).toBe(problem);
  expect(problemAt([problem], ['disks', 1])).toBeNull();
  expect(problemAt([problem], ['disks', 1], true)).toBe(problem);
  expect(problemAt([problem], ['disks', 0], true)).toBeNull();
});
