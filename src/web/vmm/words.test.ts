// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from 'vitest';
import { vmmFeatures } from '../../contract/vmm.ts';
import { vmm as english } from '../text/en/vmm.ts';
import { vmm as french } from '../text/fr/vmm.ts';
import { featureOf, sourceText, vmmName } from './words.ts';

describe.each([
  ['English', english],
  ['French', french],
])('in %s', (_, text) => {
  test('every feature has words of its own, in the order of the list', () => {
    expect(Object.keys(text.features)).toEqual([...vmmFeatures]);
    expect(new Set(Object.values(text.features)).size).toBe(vmmFeatures.length);
  });

  test('what is not possible by design is told from what is', () => {
    const [yes, no] = (['yes', 'no'] as const).map((possible) =>
      sourceText({ source: 'design', possible }, text),
    );
    expect(yes).not.toBe(no);
    expect(sourceText({ source: 'host', possible: 'no' }, text)).toBe(text.sources.host);
  });
});

test('no high punctuation of the French words breaks from its word', () => {
  const all = JSON.stringify(french, (_, value: unknown) =>
    typeof value === 'function' ? (value as (text: string) => string)('x') : value,
  );
  expect(all).not.toMatch(/ [;:!?»]|« /);
});

test('a reason is about a feature when its code names one', () => {
  expect(featureOf('no-tpm', english)).toBe('tpm');
  expect(featureOf('partly-uefi-variables', english)).toBe('uefi-variables');
  expect(featureOf('no-toString', english)).toBeNull();
  expect(featureOf('tool-missing', english)).toBeNull();
});

test('a VMM of another service than this page keeps its name', () => {
  expect(vmmName('cloud-hypervisor', english)).toBe('Cloud Hypervisor');
  expect(vmmName('newer', english)).toBe('newer');
});
