// SPDX-License-Identifier: Apache-2.0
//
// The power goes at each moment of each fix, and again while it is undone: in the end everything is as it was.
import { closeSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { planFix } from '../../src/host/fixes/plan.ts';
import { makePc, scenarios, type TestPc } from '../../src/host/fixes/testing.ts';
import { openTree } from '../../src/host/fixes/tree.ts';
import { applyFix } from '../../src/privileged/apply.ts';
import { realEffects } from '../../src/privileged/effects.ts';
import { listJournal } from '../../src/privileged/journal.ts';
import { makeJournal } from '../../src/privileged/journal-writer.ts';
import { mortal, snapshot, type Cut } from '../../src/privileged/testing.ts';
import { undoStep } from '../../src/privileged/undo.ts';

// Stands for the lock, which is tested elsewhere.
const nowhere = openSync('/dev/null', 'r');
const spare = mkdtempSync(join(tmpdir(), 'ph-cut-'));
afterAll(() => {
  closeSync(nowhere);
  rmSync(spare, { recursive: true });
});

/** @returns how many effects it took; throws nothing for a power cut */
async function apply({ root }: TestPc, scenario: string, cut: Cut | null): Promise<number> {
  await makeJournal(root);
  const { effects, count } = mortal(root, realEffects(root, nowhere), cut);
  const id = scenarios[scenario]?.fix ?? 'kvm-group';
  const { digest } = planFix(id, { tree: openTree(root), user: 'ada' });
  const applied = applyFix(root, effects, { id, user: 'ada', digest });
  if (cut === null) await applied;
  else await expect(applied).rejects.toThrow(/power went/);
  return count();
}

async function undo({ root }: TestPc, cut: Cut | null): Promise<number> {
  const entry = listJournal(root)[0]?.id ?? '';
  const { effects, count } = mortal(root, realEffects(root, nowhere), cut);
  const undone = undoStep(root, effects, entry, false);
  if (cut === null) await undone;
  else await expect(undone).rejects.toThrow(/power went/);
  return count();
}

const cuts = (count: number): Cut[] =>
  Array.from({ length: count }, (_, at) => [
    { at, how: 'before' } as const,
    { at, how: 'during' } as const,
  ]).flat();

test.each(Object.keys(scenarios))('%s', { timeout: 120_000 }, async (scenario) => {
  let effects: number;
  let undoEffects: number;
  {
    using pc = makePc(scenario);
    const start = snapshot(pc.root);
    effects = await apply(pc, scenario, null);
    expect(snapshot(pc.root)).not.toEqual(start);
    undoEffects = await undo(pc, null);
    expect(snapshot(pc.root)).toEqual(start);
    expect(listJournal(pc.root)[0]?.state).toBe('undone');
  }
  expect(effects).toBeGreaterThan(3);
  for (const cut of cuts(effects)) {
    using pc = makePc(scenario);
    const start = snapshot(pc.root);
    await apply(pc, scenario, cut);
    expect(listJournal(pc.root)[0]?.state).toBe('interrupted');
    await undo(pc, null);
    expect([cut, snapshot(pc.root)]).toEqual([cut, start]);
    expect(listJournal(pc.root)[0]?.state).toBe('undone');
  }
  for (const cut of cuts(undoEffects)) {
    using pc = makePc(scenario);
    const start = snapshot(pc.root);
    await apply(pc, scenario, null);
    await undo(pc, cut);
    await undo(pc, null);
    expect([cut, snapshot(pc.root)]).toEqual([cut, start]);
  }
  // Both: the power goes while a half-done step is undone.
  for (const [index, first] of cuts(effects).entries()) {
    using pc = makePc(scenario);
    const start = snapshot(pc.root);
    await apply(pc, scenario, first);
    const second = cuts(3)[index % 6] as Cut;
    await undo(pc, second).catch(() => {});
    await undo(pc, null).catch(() => {});
    expect([first, second, snapshot(pc.root)]).toEqual([first, second, start]);
  }
});
