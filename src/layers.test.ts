// SPDX-License-Identifier: Apache-2.0
import { glob, readFile } from 'node:fs/promises';
import { dirname, join, normalize } from 'node:path';
import { expect, test } from 'vitest';

// Which rooms a room may import from; itself always. ARCHITECTURE.md draws it.
const below: Record<string, readonly string[]> = {
  contract: [],
  host: ['contract'],
  privileged: ['contract', 'host'],
  disk: ['contract', 'host'],
  catalog: ['contract', 'host', 'disk'],
  vmm: ['contract', 'host', 'disk'],
  engine: ['contract', 'host', 'privileged', 'disk', 'catalog', 'vmm'],
  daemon: ['contract', 'host', 'vmm', 'engine'],
  cli: ['contract'],
  web: ['contract'],
};

const root = join(import.meta.dirname, '..');
const importPattern = /(?:\bfrom|\bimport)\s*\(?\s*'(\.[^']*)'/g;

test('imports only point downwards', async () => {
  const violations: string[] = [];
  let files = 0;
  let arrows = 0;
  for await (const file of glob('src/*/**/*.{ts,tsx}', { cwd: root })) {
    files += 1;
    const room = file.split('/')[1] as string;
    for (const [, target = ''] of (await readFile(join(root, file), 'utf8')).matchAll(importPattern)) {
      arrows += 1;
      const path = normalize(join(dirname(file), target));
      const other = path.split('/')[1] as string;
      const allowed = path.startsWith('src/') && (other === room || below[room]?.includes(other) === true);
      // Tests may look at the files of the project around them, but not at rooms above.
      if (!allowed) violations.push(`${file} imports ${path}`);
    }
  }
  expect(violations).toEqual([]);
  // A check that saw nothing must not pass.
  expect(files).toBeGreaterThan(60);
  expect(arrows).toBeGreaterThan(150);
});

test('every room is known', async () => {
  const rooms = new Set<string>();
  for await (const file of glob('src/*/**/*.{ts,tsx}', { cwd: root }))
    rooms.add(file.split('/')[1] as string);
  expect([...rooms].toSorted()).toEqual(Object.keys(below).toSorted());
});
