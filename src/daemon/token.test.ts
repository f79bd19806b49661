// SPDX-License-Identifier: Apache-2.0
import { chmod, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadToken } from './token.ts';

let directory = '';
let file = '';
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'ph-'));
  file = join(directory, 'token');
});
afterEach(() => rm(directory, { recursive: true }));

test('is made once, 32 random bytes, for us alone', async () => {
  const token = await loadToken(file);
  expect(Buffer.from(token, 'base64url').length).toBe(32);
  expect(await readFile(file, 'utf8')).toBe(token);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(await loadToken(file)).toBe(token);
  expect(await loadToken(join(directory, 'other'))).not.toBe(token);
});

test.each([
  ['others could read', () => chmod(file, 0o644)],
  ['is empty', () => writeFile(file, '')],
  ['somebody shortened', () => writeFile(file, 'abc')],
  [
    'is a link',
    async () => {
      await writeFile(`${file}.kept`, await readFile(file), { mode: 0o600 });
      await rm(file);
      await symlink(`${file}.kept`, file);
    },
  ],
])('one that %s is replaced', async (_, spoil) => {
  const token = await loadToken(file);
  await spoil();
  const next = await loadToken(file);
  expect(next).not.toBe(token);
  expect(next).toHaveLength(43);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(await loadToken(file)).toBe(next);
});
