// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import type { BinEntry, BinStatus, DeletionPlan } from '../../contract/bin.ts';
import { PhyllomeError } from '../../contract/errors.ts';
import { fakeService, phyllome } from '../testing.ts';
import { readDays } from './bin.ts';
import { binLines, deletionLines, freesText, statusLines } from './bin-text.ts';

const entry: BinEntry = {
  id: '6f1c2b3a-1111-4111-8111-111111111111',
  name: 'old \u001b[2J',
  deletedAt: '2026-01-01T00:00:00.000Z',
  directory: '/data/bin/x',
  bytes: 3 * 2 ** 30,
  frees: 2 ** 30,
  eraseAt: null,
};
const status: BinStatus = { keepDays: null, count: 1, bytes: entry.bytes, frees: entry.frees };
const plan: DeletionPlan = {
  id: entry.id,
  name: 'web',
  directory: '/data/machines/x',
  bytes: 3 * 2 ** 30,
  frees: 2 ** 30,
  files: [
    { file: 'disks/layer.qcow2', bytes: 2 * 2 ** 30, frees: 0 },
    { file: 'disks/system.qcow2', bytes: 2 ** 30, frees: 2 ** 30 },
  ],
  stays: [{ file: '/srv/debian.iso', what: 'medium' }],
};

test('the bin says what is in it, what that takes and frees, and when it goes', async () => {
  await using service = await fakeService({ 'GET /bin': () => [entry], 'GET /bin/status': () => status });
  const { stdout, stderr, code } = await phyllome(service, ['bin']);
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toMatch(/NAME .*DELETED .*SIZE .*FREES/);
  expect(stdout).toMatch(/\\x1b\[2J .*3 GiB .*1 GiB/);
  expect(stdout).toContain('Emptying the bin frees 1 GiB; the rest of 3 GiB is shared with other machines.');
  expect(stdout).toContain('kept until you erase them');
  expect(JSON.parse((await phyllome(service, ['bin', '--json'])).stdout)).toEqual({
    ...status,
    entries: [entry],
  });
});

test('other bins', () => {
  expect(binLines([])).toEqual(['The bin is empty.']);
  expect(binLines([{ ...entry, eraseAt: '2026-02-01T00:00:00.000Z' }])[0]).toContain('WILL BE ERASED');
  expect(statusLines({ ...status, keepDays: 1 })[1]).toContain('after 1 day;');
});

test('emptying wants a clear word', async () => {
  await using service = await fakeService();
  const asked = await phyllome(service, ['bin', 'empty']);
  expect([asked.code, asked.stderr]).toEqual([2, expect.stringContaining('--yes')]);
  expect(service.requests).toEqual([]);
});

test('what could not be erased makes it fail', async () => {
  const kept = {
    id: 'i',
    name: 'base',
    code: 'machine-needed',
    reason: 'base cannot be erased: web needs it.',
  };
  await using service = await fakeService({
    'POST /bin/empty': ({ body }) => ({
      erased: [entry],
      kept: body.refs === undefined ? [kept] : [],
      frees: 2 ** 30,
    }),
  });
  const some = await phyllome(service, ['bin', 'empty', 'old', '--yes']);
  expect([some.code, some.stdout]).toEqual([0, '1 erased; 1 GiB are free again.\n']);
  expect(service.requests.at(-1)?.body).toEqual({ refs: ['old'] });
  const all = await phyllome(service, ['bin', 'empty', '--yes']);
  expect(all.code).toBe(1);
  expect(all.stderr).toContain('base cannot be erased');
});

test('how long it keeps machines', async () => {
  await using service = await fakeService({ 'PUT /bin/keep': ({ body }) => ({ ...status, ...body }) });
  expect((await phyllome(service, ['bin', 'keep', '30d'])).stdout).toContain('after 30 days');
  expect(service.requests.at(-1)?.body).toEqual({ keepDays: 30 });
});

test.each([
  ['30d', 30],
  ['7', 7],
  ['4w', 28],
  ['forever', null],
])('%s is a time', (words, keepDays) => {
  expect(readDays(words)).toBe(keepDays);
});

test.each(['', '0d', '30 days', '-1', '1e3', '99999w', 'soon'])('%j is none', (words) => {
  expect(() => readDays(words)).toThrow('no time to keep machines');
});

test('deleting shows what goes, what stays and what that frees', async () => {
  await using service = await fakeService({
    'GET /machines/web/deletion': () => plan,
    'DELETE /machines/web': () => ({
      ...plan,
      deletedAt: entry.deletedAt,
      eraseAt: '2026-02-01T00:00:00.000Z',
    }),
  });
  const dry = await phyllome(service, ['delete', 'web', '--dry-run']);
  expect(dry.stdout).toContain('Nothing was changed');
  expect(dry.stdout).toMatch(/disks\/layer.qcow2 +2 GiB +shared/);
  expect(dry.stdout).toContain('Stays where it is: /srv/debian.iso (medium)');
  expect(dry.stdout).toContain('frees 1 GiB of its 3 GiB');
  expect(service.requests.map(({ line }) => line)).toEqual(['GET /machines/web/deletion']);
  const real = await phyllome(service, ['delete', 'web']);
  expect(real.stdout).toContain('erased by itself on 2026-02-01');
});

test('many files are not all shown', () => {
  const many = Array.from({ length: 25 }, (_, index) => ({ file: `f${index}`, bytes: 1, frees: 1 }));
  expect(deletionLines({ files: many, stays: [] }).at(-1)).toContain('and 5 smaller files');
  expect(freesText({ bytes: 5, frees: 5 })).toBe('Erasing it frees 5 B.');
});

test('what is not in the bin', async () => {
  await using service = await fakeService({
    'POST /bin/none/restore': () => {
      throw new PhyllomeError('bin-entry-not-found', { ref: 'none' });
    },
  });
  expect((await phyllome(service, ['bin', 'restore', 'none'])).code).toBe(1);
});
