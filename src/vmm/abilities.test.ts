// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from 'vitest';
import { vmmFeatures } from '../contract/vmm.ts';
import { can, cannot, claimsOf, judgeAbilities, partly, type Abilities } from './abilities.ts';
import { machine } from './qemu/testing.ts';

const everything = Object.fromEntries(vmmFeatures.map((feature) => [feature, can('design')])) as Abilities;
const nothing = Object.fromEntries(
  vmmFeatures.map((feature) => [feature, cannot('design', 'it was left out')]),
) as Abilities;

const codes = (reasons: readonly { code: string }[]) => reasons.map(({ code }) => code);

test('a VMM that can do everything has no objection', () => {
  expect(judgeAbilities('crosvm', machine(), everything)).toEqual({ refusals: [], losses: [] });
});

test('only what the machine wants counts', () => {
  const bare = machine({
    boot: { type: 'kernel', kernel: 'k' },
    disks: [],
    nics: [],
    display: { type: 'none' },
    agent: false,
    clipboard: false,
    balloon: false,
    serialPorts: 0,
  });
  expect(judgeAbilities('crosvm', bare, { ...nothing, 'kernel-boot': can('design') })).toEqual({
    refusals: [],
    losses: [],
  });
});

test('what the machine needs is refused, what it can do without is a loss; each says why and what to change', () => {
  const wanting = machine({ guestOs: 'win11', tpm: 'emulated', display: { type: 'vnc' }, sound: 'hda' });
  const { refusals, losses } = judgeAbilities('firecracker', wanting, nothing);
  expect(codes(refusals)).toEqual(expect.arrayContaining(['no-windows', 'no-tpm']));
  expect(codes(losses)).toEqual(expect.arrayContaining(['no-display', 'no-sound']));
  for (const { text, hint } of [...refusals, ...losses]) {
    expect(text).toMatch(/ is not possible with firecracker: it was left out\.$/);
    expect(hint).toMatch(/\.$/);
  }
});

test('a part of something needed is a loss, so the machine runs', () => {
  const limited = { ...everything, 'user-network': partly('host', 'only to the outside') };
  const verdict = judgeAbilities('firecracker', machine({ nics: [{ type: 'user' }] }), limited);
  expect(verdict.refusals).toEqual([]);
  expect(verdict.losses).toMatchObject([
    {
      code: 'partly-user-network',
      text: 'Network without set-up (a card of type user) is limited with firecracker: only to the outside.',
    },
  ]);
});

describe('the list for people', () => {
  test('has every feature once, in the order in which it is shown', () => {
    expect(claimsOf(everything).map(({ feature }) => feature)).toEqual([...vmmFeatures]);
  });
});
