// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import type { Identified } from '../../contract/catalog.ts';
import { PhyllomeError } from '../../contract/errors.ts';
import { fakeService, phyllome } from '../testing.ts';

const debian: Identified = {
  file: '/a.iso',
  guestOs: 'debian13',
  name: 'Debian 13',
  entry: 'debian13',
  osinfo: 'http://debian.org/debian/13',
  architecture: 'x86_64',
  kind: 'installer',
  confidence: 'certain',
  reasons: ['Its label is "Debian 13.2.0 amd64 n".'],
  facts: { volume: 'Debian\u001b[2J 13.2.0 amd64 n' },
  unattended: 'preseed',
};
const strange: Identified = {
  ...debian,
  file: '/b.iso',
  name: 'Windows 11',
  kind: 'unknown',
  architecture: null,
  confidence: 'guess',
};

test('one file: what it is, why, and what was read', async () => {
  await using service = await fakeService({ 'GET /images/identify?file=%2Fa.iso': () => debian });
  const { stdout, code } = await phyllome(service, ['identify', '/a.iso']);
  expect(stdout).toBe(
    [
      'Debian 13 (installation medium, x86_64)',
      '  Its label is "Debian 13.2.0 amd64 n".',
      '',
      'guestOs      debian13',
      'entry        debian13',
      'unattended   preseed',
      String.raw`volume       Debian\x1b[2J 13.2.0 amd64 n`,
      '',
    ].join('\n'),
  );
  expect(code).toBe(0);
  expect(JSON.parse((await phyllome(service, ['identify', '/a.iso', '--json'])).stdout)).toEqual(debian);
});

test('several: a line for each, and those that cannot be read among them', async () => {
  await using service = await fakeService({
    'GET /images/identify?file=%2Fa.iso': () => debian,
    'GET /images/identify?file=%2Fb.iso': () => strange,
    'GET /images/identify?file=%2Fc.iso': () => {
      throw new PhyllomeError('file-missing', { what: 'medium', file: '/c.iso' });
    },
  });
  const { stdout, code } = await phyllome(service, ['identify', '/a.iso', '/b.iso', '/c.iso']);
  expect(stdout.split('\n').slice(0, 2)).toEqual([
    '/a.iso: Debian 13 (installation medium, x86_64)',
    '/b.iso: perhaps Windows 11',
  ]);
  expect(stdout.split('\n')[2]).toMatch(/^\/c\.iso: /);
  expect(code).toBe(1);
  const listed = JSON.parse((await phyllome(service, ['identify', '--json', '/a.iso', '/c.iso'])).stdout);
  expect(listed).toEqual([debian, { file: '/c.iso', error: expect.any(String) }]);
  const alone = await phyllome(service, ['identify', '/c.iso']);
  expect([alone.code, alone.stdout]).toEqual([1, '']);
});
