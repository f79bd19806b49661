// SPDX-License-Identifier: Apache-2.0
import { chmod, readdir, readFile, writeFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { openSettings } from './settings.ts';
import { sandbox } from './testing.ts';

test('without a file nothing is decided', async () => {
  await using box = await sandbox();
  expect(openSettings(box.paths.settings).read()).toEqual({ reserve: {} });
});

test('what is changed is kept, readable, and leaves no other file', async () => {
  await using box = await sandbox();
  const { settings } = box.paths;
  const file = openSettings(settings);
  // Two at once: neither is lost.
  await Promise.all([
    file.change(({ reserve }) => ({ reserve: { ...reserve, threads: 2 } })),
    file.change(({ reserve }) => ({ reserve: { ...reserve, memory: 1.5 * 2 ** 30 } })),
  ]);
  expect(await readFile(settings, 'utf8')).toBe(`{
  "reserve": {
    "threads": 2,
    "memory": "1536MiB"
  }
}
`);
  expect(openSettings(settings).read()).toEqual(file.read());
  expect((await readdir(box.paths.data)).filter((name) => name.endsWith('.tmp'))).toEqual([]);
});

test('edits by hand are seen', async () => {
  await using box = await sandbox();
  const file = openSettings(box.paths.settings);
  await file.change(() => ({ reserve: { memory: 2 ** 30 } }));
  await writeFile(box.paths.settings, '{"reserve": {"memory": "2GiB"}}');
  expect(file.read()).toEqual({ reserve: { memory: 2 ** 31 } });
});

describe('what cannot be understood is explained and never overwritten', () => {
  test.each([
    ['{"reserve": {"memory": "2 GB"}}', 'reserve.memory: found "2 GB"'],
    ['{"reserve": {"cores": 1}}', 'reserve.cores: found an unknown key; allowed: only threads, memory'],
    ['{"reserve": {"threads": -1}}', 'reserve.threads: found -1'],
    ['[]', 'the whole: found []'],
    ['{', 'it is no JSON'],
    ['', 'it is no JSON'],
    [`{"reserve": {}}${' '.repeat(70_000)}`, 'it has more than 65536 characters'],
  ])('%j', async (text, reason) => {
    await using box = await sandbox();
    const { settings } = box.paths;
    await writeFile(settings, text);
    const file = openSettings(settings);
    const words = expect.objectContaining({
      code: 'settings-invalid',
      message: expect.stringContaining(reason),
    });
    expect(() => file.read()).toThrow(words);
    await expect(file.change(() => ({ reserve: {} }))).rejects.toThrow(words);
    expect(await readFile(settings, 'utf8')).toBe(text);
    await writeFile(settings, '{}');
    expect(file.read()).toEqual({ reserve: {} });
  });

  test.skipIf(process.getuid?.() === 0)('a file of somebody else', async () => {
    await using box = await sandbox();
    await writeFile(box.paths.settings, '{}');
    await chmod(box.paths.settings, 0);
    expect(() => openSettings(box.paths.settings).read()).toThrow('settings');
  });
});
