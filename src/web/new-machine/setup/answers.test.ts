// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Unattended } from '../../../contract/catalog.ts';
import { completeValue } from '../../../contract/validate.ts';
import {
  firstAnswers,
  hostnameFrom,
  offers,
  problemsOf,
  unattendedFrom,
  userNameFrom,
  withoutSecrets,
  type Answers,
  type AnswerFormat,
} from './answers.ts';
import { keyboardOptions, localeOf, localeOptions, zoneOptions } from './places.ts';

const formats = Object.keys(offers) as AnswerFormat[];
const key = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGJ1dCBub3QgYSByZWFsIG9uZQ ada@example';
const good: Answers = {
  ...firstAnswers('fr_CH', 'Europe/Zurich'),
  fullName: 'Ada Lovelace',
  password: 'a"b$c \u{1F511}',
  repeated: 'a"b$c \u{1F511}',
};

test.each([
  ['Ada Lovelace', 'ada'],
  ['Élodie', 'elodie'],
  ['  42 Bob', 'bob'],
  ['Ōno', 'ono'],
  ['李', ''],
])('%s becomes the user %s', (fullName, user) => {
  expect(userNameFrom(fullName)).toBe(user);
});

test('a machine’s name becomes a name of a computer, whatever it is', () => {
  expect(hostnameFrom('Débian 13 (trixie)', 63)).toBe('debian-13-trixie');
  expect(hostnameFrom('Windows 11 for work', 15)).toBe('windows-11-for');
  expect(hostnameFrom('机器', 63)).toBe('machine');
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.constantFrom(15, 63), (name, length) => {
      const hostname = hostnameFrom(name, length);
      expect(hostname).toMatch(/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/);
      expect(hostname.length).toBeLessThanOrEqual(length);
    }),
  );
});

test.each(formats)('good answers are taken by the service: %s', (format) => {
  const answers = {
    ...good,
    sshKeys: `\n${key}\n`,
    encrypt: true,
    passphrase: 'long enough',
    repeatedPassphrase: 'long enough',
  };
  expect(problemsOf(answers, format)).toEqual({});
  const request = unattendedFrom(answers, format, 'My PC');
  expect(request).toMatchObject({
    user: { name: 'ada', fullName: 'Ada Lovelace', password: good.password, sshKeys: [key] },
    hostname: 'my-pc',
    locale: 'fr_CH',
    timezone: 'Europe/Zurich',
  });
  expect(request).not.toHaveProperty('keyboard');
  expect('diskEncryption' in request).toBe(offers[format].encryption);
});

test.each<[string, Partial<Answers>, AnswerFormat, object]>([
  ['nobody', { fullName: '' }, 'preseed', { userName: 'userNameNeeded' }],
  ['a bad login', { userName: 'Ada L' }, 'preseed', { userName: 'userNameBad' }],
  ['root', { userName: 'root' }, 'preseed', { userName: 'userNameReserved' }],
  ['Windows has no root', { userName: 'root' }, 'autounattend', {}],
  ['no password', { password: '', repeated: '' }, 'preseed', { password: 'passwordNeeded' }],
  ['a key instead', { password: '', repeated: '', sshKeys: key }, 'preseed', {}],
  [
    'Windows takes no key',
    { password: '', repeated: '', sshKeys: key },
    'autounattend',
    { password: 'passwordNeeded' },
  ],
  ['a line break', { password: 'a\nb', repeated: 'a\nb' }, 'preseed', { password: 'passwordBad' }],
  ['a slip', { repeated: 'a"b$d' }, 'preseed', { repeated: 'notTheSame' }],
  ['no key', { sshKeys: 'my key' }, 'preseed', { sshKeys: 'keyBad' }],
  ['a private key', { sshKeys: '-----BEGIN OPENSSH PRIVATE KEY-----' }, 'preseed', { sshKeys: 'keyBad' }],
  ['a bad host', { hostname: '-a' }, 'preseed', { hostname: 'hostnameBad' }],
  ['a long host', { hostname: 'a'.repeat(16) }, 'autounattend', { hostname: 'hostnameLong' }],
  [
    'short',
    { encrypt: true, passphrase: 'short', repeatedPassphrase: 'short' },
    'preseed',
    { passphrase: 'passphraseShort' },
  ],
  ['not asked', { encrypt: true, passphrase: 'short' }, 'cloud-init', {}],
  ['a product key', { productKey: 'ABC' }, 'autounattend', { productKey: 'productKeyBad' }],
])('%s', (_, answers, format, problems) => {
  expect(problemsOf({ ...good, ...answers }, format)).toEqual(problems);
});

test('whatever is typed is either told to be wrong or taken by the service', () => {
  const text = fc.string({ unit: 'grapheme', maxLength: 40 });
  const typed = fc.record({
    fullName: text,
    userName: fc.option(text),
    password: text,
    hostname: fc.option(text),
    sshKeys: text,
    encrypt: fc.boolean(),
    passphrase: text,
    productKey: fc.constantFrom('', 'AAAAA-BBBBB-CCCCC-DDDDD-12345', 'x'),
  });
  fc.assert(
    fc.property(typed, fc.constantFrom(...formats), fc.boolean(), (some, format, same) => {
      const answers = {
        ...good,
        ...some,
        repeated: same ? some.password : '',
        repeatedPassphrase: some.passphrase,
      };
      if (Object.keys(problemsOf(answers, format)).length > 0) return;
      expect(completeValue(Unattended, unattendedFrom(answers, format, 'a')).problems).toEqual([]);
    }),
    { numRuns: 500 },
  );
});

test('nothing secret is left when the request has gone', () => {
  const answers = { ...good, passphrase: 'one secret', repeatedPassphrase: 'one secret', productKey: 'K' };
  const left = JSON.stringify(withoutSecrets(answers));
  for (const secret of [JSON.stringify(good.password).slice(1, -1), 'one secret', '"K"'])
    expect(left).not.toContain(secret);
});

test('places are named in the language of the page, and a browser’s own is always among them', () => {
  expect(localeOf('fr-CH')).toBe('fr_CH');
  expect(localeOf('fr')).toBe('fr_FR');
  expect(localeOf('zh-Hant-TW')).toBe('zh_TW');
  const named = localeOptions('fr', 'oc_FR');
  expect(named.find(({ value }) => value === 'de_CH')?.label).toBe('allemand (Suisse)');
  expect(named.some(({ value }) => value === 'oc_FR')).toBe(true);
  expect(keyboardOptions('en').find(({ value }) => value === 'gb')?.label).toBe('English (United Kingdom)');
  expect(zoneOptions('Etc/GMT+3').some(({ value }) => value === 'Etc/GMT+3')).toBe(true);
  for (const { value } of keyboardOptions('en'))
    expect(completeValue(Unattended, { user: { name: 'a' }, keyboard: value }).problems).toEqual([]);
  for (const { value } of zoneOptions('UTC'))
    expect(completeValue(Unattended, { user: { name: 'a' }, timezone: value }).problems).toEqual([]);
  for (const { value } of named)
    expect(completeValue(Unattended, { user: { name: 'a' }, locale: value }).problems).toEqual([]);
});
