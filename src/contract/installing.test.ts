// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { askingStep, readAskingStep } from './installing.ts';

test('what an installer asks is read as it was written, whatever the names are', () => {
  const step = fc.constantFrom('Installing software', 'Partitioning the disk: part 2');
  fc.assert(
    fc.property(step, fc.string(), fc.string({ unit: 'grapheme' }), (doing, question, name) => {
      fc.pre(!name.includes('"). It shows: "'));
      expect(readAskingStep(askingStep({ step: doing, question }, name))).toEqual({ step: doing, question });
    }),
  );
  expect(readAskingStep('Installing software')).toBe(null);
  expect(readAskingStep('It shows: "x"')).toBe(null);
});
