// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from 'vitest';
import { PhyllomeError } from '../../contract/errors.ts';
import { accessFile, accessText, noAccess, parseAccess } from './access-file.ts';
import { hashPassword, isPassword, leastCost, requireStrong } from './password.ts';

const codeOf = (work: () => unknown): string => {
  try {
    work();
    return 'nothing';
  } catch (error) {
    return PhyllomeError.from(error).code;
  }
};

describe('a password', () => {
  test.each([
    ['correct horse', 'nothing'],
    ['Zw5!kq0-Ab', 'nothing'],
    ['日本語のパスワード十', 'nothing'],
    ['short', 'password-weak'],
    // Nine characters of two code units each.
    ['🐎🐄🐖🐑🐐🐓🐇🐕🐈', 'password-weak'],
    ['aaaaaaaaaaaaaaaa', 'password-weak'],
    ['abababababab', 'password-weak'],
    ['1234567890', 'password-weak'],
    ['abcdefghijkl', 'password-weak'],
    ['zyxwvutsrqpo', 'password-weak'],
  ])('%s: %s', (password, expected) => {
    expect(codeOf(() => requireStrong(password))).toBe(expected);
  });

  test('is known again, and no other is taken for it', async () => {
    const kept = await hashPassword('correct hôrse', leastCost);
    expect(JSON.stringify(kept)).not.toContain('correct');
    expect(await isPassword('correct hôrse', kept)).toBe(true);
    // The same letter as two characters, as some keyboards write it.
    expect(await isPassword('correct ho\u0302rse', kept)).toBe(true);
    for (const wrong of ['correct horse', 'correct hôrse ', ''])
      expect(await isPassword(wrong, kept)).toBe(false);
  });

  test('has a salt of its own each time', async () => {
    const [one, other] = [
      await hashPassword('correct horse', leastCost),
      await hashPassword('correct horse', leastCost),
    ];
    expect(one.salt).not.toBe(other.salt);
    expect(one.hash).not.toBe(other.hash);
  });
});

describe('access.json', () => {
  test('of an installation opens the page to the network', async () => {
    const text = await accessFile('correct horse');
    const settings = parseAccess(text, '/access.json');
    expect(settings.network).toEqual({ on: true, port: 7443, names: [] });
    expect(settings.password && (await isPassword('correct horse', settings.password))).toBe(true);
    expect(parseAccess(accessText(settings), '/access.json')).toEqual(settings);
  });

  test('may leave out all but its version', () => {
    expect(parseAccess('{"formatVersion":1}', '/access.json')).toEqual(noAccess);
  });

  test('is refused as a whole when any of it is wrong, and its secrets are not told', async () => {
    const good = JSON.parse(await accessFile('correct horse')) as { password: Record<string, unknown> };
    const hash = 'c2VjcmV0LXNlY3JldC1zZWNyZXQ=';
    const bad = [
      '',
      'null',
      '[]',
      '{"formatVersion":2}',
      '{"formatVersion":1,"pasword":{}}',
      ...[
        { hash },
        { salt: '' },
        { scheme: 'md5' },
        { cost: 2 },
        { cost: 2 ** 30 },
        { cost: 2 ** 20, blockSize: 32 },
      ].map((wrong) => JSON.stringify({ ...good, password: { ...good.password, ...wrong } })),
    ];
    for (const text of bad) {
      try {
        parseAccess(text, '/access.json');
        expect.unreachable(text);
      } catch (error) {
        const { code, message } = PhyllomeError.from(error);
        expect([text, code]).toEqual([text, 'access-damaged']);
        expect(message).not.toContain(hash);
      }
    }
  });
});
