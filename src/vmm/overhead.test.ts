// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseDefinition } from '../contract/definition.ts';
import { overheadBytes, plainOverhead } from './overhead.ts';

const MiB = 2 ** 20;
const GiB = 2 ** 30;

const machine = (changes: object) =>
  parseDefinition({
    formatVersion: 1,
    id: '6f1c2b3a-1111-4111-8111-111111111111',
    name: 'a',
    architecture: 'x86_64',
    cpu: { vcpus: 1 },
    memory: '1GiB',
    boot: { type: 'uefi' },
    display: { type: 'none' },
    ...changes,
  });
const bare = overheadBytes(machine({}), 'kvm');

test.each([
  ['a screen', { display: {} }, 32],
  ['a QXL card with its three memories', { display: { device: 'qxl' } }, 160],
  ['a TPM', { tpm: 'emulated' }, 12],
  ['two networks of the user', { nics: [{ type: 'user' }, { type: 'user' }, { type: 'none' }] }, 128],
  ['a shared folder', { shares: [{ tag: 'a', path: '/' }] }, 32],
  ['three more processors', { cpu: { vcpus: 4 } }, 6],
  // 8 bytes for each 4 KiB, twice: 3 GiB more are 12 MiB of page tables.
  ['page tables', { memory: '4GiB' }, 12],
])('%s takes its part', (_, changes, mib) => {
  expect(overheadBytes(machine(changes), 'kvm') - bare).toBe(mib * MiB);
});

const translation = (memory: string) =>
  overheadBytes(machine({ memory }), 'tcg') - overheadBytes(machine({ memory }), 'kvm');

test('TCG needs room for what it translates, at most a GiB', () => {
  expect(translation('256MiB')).toBe(128 * MiB);
  expect(translation('64GiB')).toBe(GiB);
});

test('it grows with the memory: what is said to be free is found by halving', () => {
  const sizes = fc.integer({ min: 0, max: 2 ** 40 });
  fc.assert(
    fc.property(sizes, sizes, fc.constantFrom('kvm', 'tcg'), (a, b, accelerator) => {
      const [less, more] = [Math.min(a, b), Math.max(a, b)];
      expect(plainOverhead(less, accelerator)).toBeLessThanOrEqual(plainOverhead(more, accelerator));
    }),
  );
});
