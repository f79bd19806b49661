// SPDX-License-Identifier: Apache-2.0
import { PhyllomeError, reasonOf } from '../contract/errors.ts';
import type { FixId } from '../contract/doctor.ts';
import type { FileChange, FixCommand, FixPlan, FixResult } from '../contract/fix.ts';
import { planFix } from '../host/fixes/plan.ts';
import { foldersOf, nodeAt, openTree } from '../host/fixes/tree.ts';
import { join } from 'node:path';
import type { Effects } from './effects.ts';
import { ourOwner } from './fates.ts';
import { lookAt, requireSafeFolders } from './file-state.ts';
import { listJournal } from './journal.ts';
import { beginStep, note, saveAfter } from './journal-writer.ts';
import { undoStep } from './undo.ts';

export interface FixRequest {
  id: FixId;
  /** Whom it is for */
  user: string | null;
  /** Of the plan that was shown and agreed to */
  digest: string;
}

/**
 * The plan of a fix as it is now, when it is the one that was agreed to.
 * @throws PhyllomeError `fix-changed`, `fix-refused`
 */
export function agreedPlan(root: string, request: FixRequest): FixPlan {
  const plan = planFix(request.id, { tree: openTree(root), user: request.user });
  if (plan.digest !== request.digest) throw new PhyllomeError('fix-changed', { id: plan.id });
  if (plan.state !== 'applicable') {
    const { id, explanation: reason, next } = plan;
    throw new PhyllomeError('fix-refused', {
      id,
      reason,
      next: next === '' ? 'There is nothing to do.' : next,
    });
  }
  return plan;
}

/**
 * Applies a fix as one step: all of it, or nothing. The plan is made here anew; what the caller brings is only compared with
 * it. The caller holds the lock of the journal.
 *
 * @throws PhyllomeError `fix-changed`, `fix-refused`, `fix-interrupted`, `unsafe-directory` (nothing was done);
 *   `fix-failed` (all was undone), `fix-unfinished`
 */
export async function applyFix(root: string, effects: Effects, request: FixRequest): Promise<FixResult> {
  const open = listJournal(root).find(({ state }) => state === 'interrupted');
  if (open !== undefined) throw new PhyllomeError('fix-interrupted', { entry: open.id, fix: open.fix });
  const plan = agreedPlan(root, request);
  for (const { path } of plan.files) requireSafeFolders(root, path);

  const id = await beginStep(root, plan, new Date());
  try {
    await perform(root, effects, id, plan);
  } catch (error) {
    throw await rollBack(root, effects, id, plan, error);
  }
  return { entry: id, kept: [], notes: plan.notes };
}

async function perform(root: string, effects: Effects, id: string, plan: FixPlan): Promise<void> {
  for (const [index, change] of plan.files.entries()) {
    await note(effects, id, { did: 'begin', action: `file ${index}` });
    await replaceFile(root, effects, change);
  }
  for (const [index, command] of plan.commands.entries()) {
    await note(effects, id, { did: 'begin', action: `command ${index}` });
    await runCommand(effects, command);
    await saveAfter(root, id, index, command.touches);
    await note(effects, id, { did: 'end', action: `command ${index}` });
  }
  await note(effects, id, { did: 'applied' });
}

async function replaceFile(
  root: string,
  effects: Effects,
  { path, before, after, mode }: FileChange,
): Promise<void> {
  for (const folder of foldersOf(path))
    if (nodeAt(join(root, folder)) === null) await effects.makeFolder(folder);
  const { state, content } = lookAt(root, path);
  if ((content?.toString('utf8') ?? null) !== before) throw new Error(`${path} has changed just now`);
  const owner = state.kind === 'absent' ? ourOwner() : { uid: state.uid, gid: state.gid };
  await effects.writeBeside(path, Buffer.from(after ?? ''), { mode, ...owner });
  await effects.putInPlace(path);
}

async function runCommand(effects: Effects, { argv }: FixCommand): Promise<void> {
  const { code, output } = await effects.run(argv);
  if (code !== 0) throw new Error(`${argv.join(' ')}: ${output === '' ? `ended with ${code}` : output}`);
}

async function rollBack(
  root: string,
  effects: Effects,
  entry: string,
  { id }: FixPlan,
  error: unknown,
): Promise<PhyllomeError> {
  const reason = reasonOf(error);
  try {
    const { notes } = await undoStep(root, effects, entry, false);
    return new PhyllomeError(
      'fix-failed',
      { id, reason, notes: notes.map((text) => ` ${text}`).join('') },
      { cause: error },
    );
  } catch (failure) {
    const undo = reasonOf(failure);
    return new PhyllomeError('fix-unfinished', { id, reason, undo, entry }, { cause: error });
  }
}
