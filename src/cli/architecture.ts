// SPDX-License-Identifier: Apache-2.0
import { architectures, type Architecture } from '../contract/machine.ts';
import { usageError } from './failure.ts';
import type { Input } from './parse.ts';

/** What --arch says; undefined when it says nothing. @throws PhyllomeError for a processor that we do not know */
export function readArchitecture(input: Input, command: string): Architecture | undefined {
  const text = input.text('arch');
  const known = architectures.find((name) => name === text);
  if (text === undefined || known !== undefined) return known;
  throw usageError(`--arch must be ${architectures.join(', ')}, not "${text}".`, command);
}
