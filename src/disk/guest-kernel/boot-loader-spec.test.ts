// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { blsEntries, defaultBlsEntry } from './boot-loader-spec.ts';
import { compareVersions } from './version-order.ts';

const file = (name: string, more = '') => ({ name, text: `title ${name}\nlinux /${name}/linux\n${more}` });
const ids = (files: Parameters<typeof blsEntries>[0]) => blsEntries(files, {}).map(({ id }) => id);

test('several lines of options and initrds come together', () => {
  const [found] = blsEntries(
    [file('a.conf', '  initrd /one\ninitrd /two\noptions root=UUID=x\noptions ro\n')],
    {},
  );
  expect(found?.entry).toMatchObject({
    initrds: ['/one', '/two'],
    commandLine: 'root=UUID=x ro',
    linux: '/a.conf/linux',
  });
});

test('what starts no Linux, or is no entry, is left out', () => {
  expect(ids([{ name: 'a.conf', text: 'title A\nefi /shell.efi\n' }, file('b.txt'), file('c.conf')])).toEqual(
    ['c'],
  );
});

test('loader.conf names the default with wildcards', () => {
  const entries = blsEntries([file('arch.conf'), file('arch-lts.conf')], {});
  expect(defaultBlsEntry(entries, 'timeout 3\ndefault *-lts.conf\n')?.id).toBe('arch-lts');
  expect(defaultBlsEntry(entries, 'default nothing-like-it\n')?.id).toBe(entries[0]?.id);
  expect(defaultBlsEntry(entries, `default ${'*a'.repeat(2000)}\n`)?.id).toBe(entries[0]?.id);
});

test.each([
  ['6.9.4', '6.10.1'],
  ['6.10.1~rc1', '6.10.1'],
  ['6.1.0-9-amd64', '6.1.0-10-amd64'],
  ['abc', '1'],
])('%s is older than %s', (older, newer) => {
  expect(compareVersions(older, newer)).toBeLessThan(0);
  expect(compareVersions(newer, older)).toBeGreaterThan(0);
});

test('the order of versions is one: no sort goes round in circles', () => {
  const version = fc
    .array(fc.constantFrom('0', '1', '01', '10', 'a', 'rc', '~', '.', '-'), { maxLength: 6 })
    .map((p) => p.join(''));
  fc.assert(
    fc.property(version, version, version, (a, b, c) => {
      expect(Math.sign(compareVersions(a, b))).toBe(-Math.sign(compareVersions(b, a)) + 0);
      if (compareVersions(a, b) <= 0 && compareVersions(b, c) <= 0)
        expect(compareVersions(a, c)).toBeLessThanOrEqual(0);
    }),
  );
});
