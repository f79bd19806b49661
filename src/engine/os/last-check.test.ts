// SPDX-License-Identifier: Apache-2.0
import { mkdtempDisposable, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { OsCheck } from '../../contract/os.ts';
import { asOfNow, readCheck } from './last-check.ts';

const found: OsCheck = {
  at: '2026-11-26T10:00:00.000Z',
  from: 'https://example.org',
  version: '2.10',
  bytes: 354,
  error: null,
};
const gone = { ...found, version: null, bytes: null };
const none = { pending: null, failed: [] };

test('a version that was found is news until it is installed, passed by, or failed', () => {
  expect(asOfNow(found, '2.9', none)).toEqual(found);
  expect(asOfNow(found, '2.9', { ...none, pending: '2.10' })).toEqual(gone);
  expect(asOfNow(found, '2.10', none)).toEqual(gone);
  expect(asOfNow(found, '2.11', none)).toEqual(gone);
  expect(asOfNow(found, '2.9', { ...none, failed: [{ version: '2.10', why: 'unhealthy' }] })).toEqual(gone);
  // What failed or waits is another one.
  expect(asOfNow(found, '2.8', { pending: '2.9', failed: [{ version: '2.9', why: 'damaged' }] })).toEqual(
    found,
  );
});

test('why nothing was found stays', () => {
  const failed = { ...gone, error: { code: 'os-update-unreachable', message: 'm', hint: 'h' } } as OsCheck;
  expect(asOfNow(failed, '2.9', none)).toEqual(failed);
});

test('a look that was lost is none', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'phcheck-'));
  const file = join(folder.path, 'os-check.json');
  expect(await readCheck(file)).toBeNull();
  await writeFile(file, '{"at":');
  expect(await readCheck(file)).toBeNull();
  await writeFile(file, JSON.stringify(found));
  expect(await readCheck(file)).toEqual(found);
});
