// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { readArchitecture } from './architecture.ts';
import { commands } from './commands.ts';
import { findCommand, parseInput } from './parse.ts';

const readFrom = (...words: string[]) =>
  readArchitecture(parseInput(findCommand(commands, 'run'), words).input, 'run');

test('the processors that guests can be for, and no others', () => {
  expect(readFrom('tiny')).toBeUndefined();
  expect(readFrom('tiny', '--arch', 'riscv64')).toBe('riscv64');
  expect(() => readFrom('tiny', '--arch', 'arm64')).toThrow(/x86_64, aarch64, riscv64, not "arm64"/);
});
