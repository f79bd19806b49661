// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import type { Unattended } from '../../contract/catalog.ts';
import { completeAnswers, hostnameOf, readKeyboard, type Place } from './answers.ts';
import { mirrorIn } from './apt-mirror.ts';
import { hashPassword } from './hash-password.ts';

const place: Place = { locale: 'de_CH', keyboard: { layout: 'ch', variant: '' }, timezone: 'Europe/Zurich' };
const key = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIE0f ada';
const complete = (user: Unattended['user'], more: Partial<Unattended> = {}) =>
  completeAnswers({ user, ...more }, 'Ada’s PC', place, async (password) => `hash of ${password}`);

test('what nobody said comes from the machine and this PC', async () => {
  expect(await complete({ name: 'ada', password: 'x' })).toEqual({
    ...place,
    user: { name: 'ada', fullName: 'ada', passwordHash: 'hash of x', sshKeys: [] },
    hostname: 'ada-s-pc',
    desktop: false,
    passphrase: null,
    password: 'x',
    productKey: null,
    edition: null,
  });
});

test('what is said wins', async () => {
  const more = { locale: 'fr_FR', keyboard: 'ch(fr)', timezone: 'UTC', hostname: 'Box' } as const;
  expect(
    await complete({ name: 'ada', sshKeys: [` ${key} `] }, { ...more, packages: 'desktop' }),
  ).toMatchObject({
    user: { passwordHash: null, sshKeys: [key] },
    locale: 'fr_FR',
    keyboard: { layout: 'ch', variant: 'fr' },
    timezone: 'UTC',
    hostname: 'Box',
    desktop: true,
  });
});

test.each<[string, Unattended['user'], RegExp]>([
  ['no way in', { name: 'ada' }, /nobody could log in/],
  [
    'a key that is none',
    { name: 'ada', sshKeys: ['-----BEGIN OPENSSH PRIVATE KEY-----'] },
    /no public SSH key/,
  ],
  ['a name of the system', { name: 'root', password: 'x' }, /belongs to the system/],
  ['a password of which the end would not count', { name: 'ada', password: 'é'.repeat(129) }, /256 bytes/],
])('is refused: %s', async (_what, user, reason) => {
  await expect(complete(user)).rejects.toThrow(reason);
});

test.each([
  ['Debian 12 (test)', 'debian-12-test'],
  ['Ada’s PC', 'ada-s-pc'],
  ['日本', 'machine'],
  ['---', 'machine'],
  ['x'.repeat(80), 'x'.repeat(63)],
])('the host name of "%s"', (name, hostname) => {
  expect(hostnameOf(name)).toBe(hostname);
});

test('a keyboard with and without a variant', () => {
  expect(readKeyboard('us')).toEqual({ layout: 'us', variant: '' });
  expect(readKeyboard('de(nodeadkeys)')).toEqual({ layout: 'de', variant: 'nodeadkeys' });
});

test('a password is hashed as crypt() does', async () => {
  const password = `p'a"$(s)\\ é`;
  const hash = await hashPassword(password);
  const [, , salt = ''] = hash.split('$');
  const again = execFileSync('openssl', ['passwd', '-6', '-salt', salt, '-stdin'], { input: password });
  expect(hash).toBe(again.toString().trim());
  expect(await hashPassword(password)).not.toBe(hash);
});

test("the mirror of this PC is found in apt's own words", () => {
  const printed = [
    "'http://mirror.example/debian/dists/bookworm/InRelease' a 0 ",
    "'http://mirror.example/debian/dists/bookworm-updates/InRelease' b 0 ",
    "'http://security.example/debian-security/dists/bookworm-security/InRelease' c 0 ",
    "'https://other.example/apt/dists/stable/InRelease' d 0 ",
  ];
  expect(mirrorIn(printed.join('\n'))).toEqual({
    host: 'mirror.example',
    directory: '/debian',
    security: 'security.example',
  });
  expect(mirrorIn(printed.slice(3).join('\n'))).toBeNull();
  expect(mirrorIn('')).toBeNull();
});
