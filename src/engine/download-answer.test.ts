// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { isRest, lengthOf, readUrl, redirectOf, shownUrl, validatorOf } from './download-answer.ts';

const answer = (headers: Record<string, string>, status = 200) => ({ status, words: '', headers });

test('from https to http only with a checksum', () => {
  const url = readUrl('https://a.b/x.iso');
  const moved = answer({ location: 'http://mirror.a/x.iso' }, 301);
  expect(() => redirectOf(url, moved, false)).toThrow(/leads there from https/);
  expect(redirectOf(url, moved, true)?.href).toBe('http://mirror.a/x.iso');
  expect(redirectOf(readUrl('http://a.b/'), moved, false)?.href).toBe('http://mirror.a/x.iso');
  expect(redirectOf(url, answer({ location: '/y' }, 308), false)?.href).toBe('https://a.b/y');
  expect(redirectOf(url, answer({ location: '/y' }, 200), false)).toBeNull();
});

test('the part that is missing, and nothing else', () => {
  const part = (range: string, status = 206) => isRest(answer({ 'content-range': range }, status), 5, 10);
  expect(part('bytes 5-9/10')).toBe(true);
  expect(part('bytes 5-9/*')).toBe(true);
  for (const range of ['bytes 4-9/10', 'bytes 5-8/10', 'bytes 5-9/11', 'bytes 5-10/11', 'items 5-9/10', ''])
    expect([range, part(range)]).toEqual([range, false]);
  expect(part('bytes 5-9/10', 200)).toBe(false);
  expect(isRest(answer({ 'content-range': 'bytes 5-9/10' }, 206), 5, null)).toBe(true);
});

test('lengths, validators and addresses', () => {
  expect(lengthOf(answer({ 'content-length': '12' }))).toBe(12);
  expect(lengthOf(answer({}))).toBeNull();
  expect(validatorOf(answer({ etag: '"a"', 'last-modified': 'then' }))).toBe('"a"');
  expect(validatorOf(answer({ etag: 'W/"a"', 'last-modified': 'then' }))).toBe('then');
  expect(validatorOf(answer({ etag: 'W/"a"' }))).toBeNull();
  expect(shownUrl(readUrl('https://a.b:8080/c?token=x#y'))).toBe('https://a.b:8080/c');
});
