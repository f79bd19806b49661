// SPDX-License-Identifier: Apache-2.0
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { errorCatalogue } from './errors.ts';
import { errorDocs, errorDocsFile } from './write-error-docs.ts';

test('docs/errors.md is what the catalogue makes of it (else: npm run gen)', async () => {
  expect(await readFile(errorDocsFile, 'utf8')).toBe(errorDocs());
});

test('every error has one row with its code and status', () => {
  const rows = errorDocs()
    .split('\n')
    .filter((line) => line.startsWith('| `'));
  const seen = rows.map((row) => /^\| `([a-z-]+)` \| (\d{3}) \| .+ \| .+ \|$/.exec(row)?.slice(1));
  const expected = Object.entries(errorCatalogue).map(([code, { status }]) => [code, String(status)]);
  expect(seen).toEqual(expected);
  expect(seen.length).toBeGreaterThan(30);
});
