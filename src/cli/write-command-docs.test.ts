// SPDX-License-Identifier: Apache-2.0
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { commandDocs, commandDocsFile } from './write-command-docs.ts';

test('docs/commands.md is what the commands make of it (else: npm run gen)', async () => {
  expect(await readFile(commandDocsFile, 'utf8')).toBe(commandDocs());
});
