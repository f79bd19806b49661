// SPDX-License-Identifier: Apache-2.0
//
// kill -9 of the root part, in the middle of each of its effects, while it applies a fix and while it undoes one.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { systemJournal } from '../../src/contract/paths.ts';
import { planFix } from '../../src/host/fixes/plan.ts';
import { makePc, scenarios, type TestPc } from '../../src/host/fixes/testing.ts';
import { openTree } from '../../src/host/fixes/tree.ts';
import { listJournal } from '../../src/privileged/journal.ts';
import { snapshot } from '../../src/privileged/testing.ts';
import { planUndo } from '../../src/privileged/undo-plan.ts';

const run = promisify(execFile);
const program = join(import.meta.dirname, 'fix-child.ts');
const never = -1;

const applying = ({ root }: TestPc, scenario: string): string[] => {
  const { id, digest } = planFix(scenarios[scenario]?.fix ?? 'kvm-group', {
    tree: openTree(root),
    user: 'ada',
  });
  return ['apply', id, '--user', 'ada', '--digest', digest];
};
const undoing = ({ root }: TestPc): string[] => {
  const id = listJournal(root)[0]?.id ?? '';
  return ['undo', id, '--digest', planUndo(root, id).digest];
};

/** @returns how many effects there were; null when it was killed */
async function child(pc: TestPc, at: number, words: string[]): Promise<number | null> {
  try {
    const { stdout } = await run(process.execPath, [program, pc.root, String(at), ...words]);
    return Number(stdout);
  } catch (error) {
    expect(error).toMatchObject({ signal: 'SIGKILL' });
    // A program that it had started may still run, and holds the lock until it ends.
    await run('flock', [pc.path(join(systemJournal, 'lock')), 'true']);
    return null;
  }
}

test.each(['kvm-group', 'kvm-module', 'iommu with grubby'])('%s', async (scenario) => {
  using whole = makePc(scenario);
  const effects = (await child(whole, never, applying(whole, scenario))) ?? 0;
  const undoEffects = (await child(whole, never, undoing(whole))) ?? 0;
  expect(Math.min(effects, undoEffects)).toBeGreaterThan(2);

  for (let at = 0; at < effects; at += 1) {
    using pc = makePc(scenario);
    const start = snapshot(pc.root);
    expect(await child(pc, at, applying(pc, scenario))).toBeNull();
    // Killed just after the last word of its log was written, it was done.
    expect(['interrupted', 'applied']).toContain(listJournal(pc.root)[0]?.state);
    await child(pc, never, undoing(pc));
    expect([at, snapshot(pc.root)]).toEqual([at, start]);
  }
  for (let at = 0; at < undoEffects; at += 1) {
    using pc = makePc(scenario);
    const start = snapshot(pc.root);
    await child(pc, never, applying(pc, scenario));
    expect(await child(pc, at, undoing(pc))).toBeNull();
    if (listJournal(pc.root)[0]?.state !== 'undone') await child(pc, never, undoing(pc));
    expect([at, snapshot(pc.root)]).toEqual([at, start]);
  }
});
