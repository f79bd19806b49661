// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { tasks as french } from '../text/fr/tasks.ts';
import { stepWords } from './step-words.ts';

test('what the service often says is said in the language of the page', () => {
  expect(stepWords('Installing software', french.steps)).toBe('Installation des logiciels');
  expect(stepWords('Copying the system', french.steps)).toBe('Copie du système');
  expect(stepWords('Copying $& of mine', french.steps)).toBe('Copie de $& of mine');
  expect(stepWords('Downloading from a.example', french.steps)).toBe('Téléchargement de chez a.example');
  expect(stepWords('toString', french.steps)).toBe('toString');
  expect(stepWords('Something else', {})).toBe('Something else');
});
