// SPDX-License-Identifier: Apache-2.0
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { MachineDefinition } from './machine.ts';
import { machineFiles, resolvePaths } from './paths.ts';

const docs = join(import.meta.dirname, '../../docs');

describe('docs/files.md', () => {
  test('names every path', async () => {
    const page = await readFile(join(docs, 'files.md'), 'utf8');
    const paths = resolvePaths({ HOME: '/home/me' }, 1000);
    const shown = page.replaceAll('~', '/home/me').replaceAll('<uid>', '1000');
    for (const root of [paths.data, paths.state, paths.cache, paths.runtime])
      expect(shown).toContain(`[${root}]`);
    const { data, state, cache, runtime, ...inside } = paths;
    const roots = [data, state, cache, runtime];
    for (const path of Object.values(inside)) {
      const root = roots.find((candidate) => path.startsWith(candidate)) ?? '';
      expect(page).toContain(`\n  ${path.slice(root.length + 1)}`);
    }
    for (const name of Object.values(machineFiles)) expect(page).toMatch(new RegExp(`^    ${name}/? `, 'm'));
  });
});

describe('docs/machine-definition.md', () => {
  test('explains every key', async () => {
    const page = await readFile(join(docs, 'machine-definition.md'), 'utf8');
    for (const key of Object.keys(MachineDefinition.properties))
      expect(page).toMatch(new RegExp(`^\\| \`${key}\``, 'm'));
  });
});
