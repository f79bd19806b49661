// SPDX-License-Identifier: Apache-2.0
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findingIds, fixIds } from './doctor.ts';

const docs = join(import.meta.dirname, '../../docs');

test('docs/doctor.md explains exactly the findings there are, in their order', async () => {
  const page = await readFile(join(docs, 'doctor.md'), 'utf8');
  const explained = [...page.matchAll(/^\| `([a-z-]+)` \|/gm)].map(([, id]) => id);
  expect(explained).toEqual([...findingIds]);
});

test('docs/fixes.md explains every fix', async () => {
  const page = await readFile(join(docs, 'fixes.md'), 'utf8');
  for (const id of fixIds) expect(page).toContain(`\`${id}\``);
});
