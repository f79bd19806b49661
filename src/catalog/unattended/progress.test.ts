// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { milestonesOf } from './milestones.ts';
import { advance, begun, fractionOf, type Standing } from './progress.ts';

const debian = milestonesOf.preseed;
const after = (...lines: string[]): Standing =>
  lines.reduce((standing, line) => advance(standing, line, debian), begun);
const menu = (item: string) => `Nov 25 21:11:40 main-menu[1797]: INFO: Menu item '${item}' selected`;

test("steps of Debian's installer, with the percentage that its screen shows", () => {
  expect(after(menu('netcfg')).step).toBe('Configuring the network');
  const base = after(menu('netcfg'), menu('bootstrap-base'), '@phyllome@ percent 43');
  expect(base).toMatchObject({ step: 'Installing the base system', percent: 43 });
  const [from, to] = [after(menu('bootstrap-base')), after(menu('apt-setup-udeb'))].map((one) =>
    fractionOf(one, debian),
  );
  expect(fractionOf(base, debian)).toBeGreaterThan(from ?? 1);
  expect(fractionOf(base, debian)).toBeLessThan(to ?? 0);
});

test('a question waits until the installer goes on', () => {
  const asks = after(menu('partman-base'), '@phyllome@ question [!!] Which disk? <Continue>');
  expect(asks.question).toBe('[!!] Which disk? <Continue>');
  expect(advance(asks, '@phyllome@ going', debian).question).toBeNull();
  expect(advance(asks, '@phyllome@ percent 3', debian).question).toBeNull();
  expect(advance(asks, 'some line of its log', debian)).toBe(asks);
});

test('cloud-init that found no answers has failed', () => {
  const line =
    '[  153.9] cloud-init[463]: Cloud-init v. 22.4.2 finished at Wed, 25 Nov 2026 22:20:05 +0000. Datasource ';
  const cloud = milestonesOf['cloud-init'];
  expect(advance(begun, `${line}DataSourceNone.  Up 153.82 seconds`, cloud).failure).toMatch(/did not find/);
  expect(
    advance(begun, `${line}DataSourceNoCloud [seed=/dev/sr0].  Up 153.82 seconds`, cloud).failure,
  ).toBeNull();
});

test('the end, in order or not', () => {
  expect(after('@phyllome@ installed')).toMatchObject({ installed: true });
  expect(fractionOf(after('@phyllome@ installed'), debian)).toBe(1);
  expect(after('@phyllome@ failed no disk')).toMatchObject({ failure: 'no disk', installed: false });
});

const anyText = fc
  .array(fc.oneof(fc.integer({ min: 0, max: 0xff }), fc.integer({ min: 0, max: 0xffff })), { maxLength: 400 })
  .map((codes) => String.fromCharCode(...codes));

test('nothing that a guest writes is more than a short text', () => {
  fc.assert(
    fc.property(anyText, fc.constantFrom('step', 'question', 'failed', 'percent'), (text, word) => {
      const { step, question, failure, percent } = after(`@phyllome@ ${word} ${text}`);
      for (const said of [step, question ?? '', failure ?? '']) {
        expect(said.length).toBeLessThanOrEqual(300);
        // oxlint-disable-next-line no-control-regex -- these command a terminal
        expect(said).not.toMatch(/[\x00-\x1f\x7f-\x9f]/);
      }
      expect(percent ?? 0).toBeGreaterThanOrEqual(0);
      expect(percent ?? 0).toBeLessThanOrEqual(100);
    }),
    { numRuns: 50 },
  );
});

test('shares of the whole never go back', () => {
  for (const milestones of Object.values(milestonesOf)) {
    const shares = milestones.map(({ share }) => share);
    expect(shares).toEqual(shares.toSorted((one, other) => one - other));
  }
});
