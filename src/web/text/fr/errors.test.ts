// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { errorCatalogue, type ErrorCode } from '../../../contract/errors.ts';
import { errors } from './errors.ts';

const codes = Object.keys(errorCatalogue) as ErrorCode[];
const placeholders = (text: string): string[] =>
  [...text.matchAll(/\{\w+\}/g)].map(([name]) => name).toSorted();

test('every error has French words, and no other has', () => {
  expect(Object.keys(errors).toSorted()).toEqual(codes.toSorted());
});

test.each(codes.filter((code) => code in errors))('%s tells the same facts', (code) => {
  const [english, french] = [errorCatalogue[code], errors[code]];
  expect(placeholders(french?.message ?? '')).toEqual(placeholders(english.message));
  expect(placeholders(french?.hint ?? '')).toEqual(placeholders(english.hint));
});

test('what stands before high punctuation does not break from its word', () => {
  const texts = Object.values(errors).flatMap(({ message, hint }) => [message, hint]);
  expect(texts.filter((text) => / [;:!?»]|« /.test(text))).toEqual([]);
});
