// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { progressLine } from './progress.ts';

const task = { what: 'Create tiny', step: 'Compressing', fraction: 0.35, bytes: null, secondsLeft: null };

test('shows how far a task is', () => {
  expect(progressLine(task, 80)).toBe('Create tiny  [#######-------------]  35 %  Compressing');
});

test('shows no bar when nobody knows', () => {
  expect(progressLine({ ...task, fraction: null }, 80)).toBe('Create tiny  ...  Compressing');
});

test('is cut to the terminal, so that it never wraps', () => {
  expect(progressLine(task, 20)).toBe('Create tiny  [#####');
  expect(progressLine({ ...task, what: '日本' }, 4)).toBe('日');
  expect(progressLine(task, 0)).toBe('');
});

test('cannot be used to command the terminal', () => {
  expect(progressLine({ ...task, step: '\u001b[2J' }, 80)).toContain(String.raw`\x1b[2J`);
});

test('shows bytes, speed and time remaining where they are counted', () => {
  const bytes = { done: 350 * 2 ** 20, total: 1000 * 2 ** 20, perSecond: 10 * 2 ** 20 };
  expect(
    progressLine({ ...task, what: 'Download a.iso', step: 'Downloading', bytes, secondsLeft: 65 }, 120),
  ).toBe(
    'Download a.iso  [#######-------------]  35 %  350 MiB of 1000 MiB, 10 MiB/s, 1 min 5 s left  Downloading',
  );
});
