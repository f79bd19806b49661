// SPDX-License-Identifier: Apache-2.0
import { PhyllomeError } from '../contract/errors.ts';
import type { FixResult } from '../contract/fix.ts';
import { nodeAt } from '../host/fixes/tree.ts';
import { join } from 'node:path';
import type { Effects } from './effects.ts';
import { fatesOf, type Fate } from './fates.ts';
import { besideOf, requireSafeFolders } from './file-state.ts';
import type { Step } from './journal.ts';
import { keepCopy, note, savedContent } from './journal-writer.ts';
import { stepToUndo, wasBegun } from './undo-plan.ts';

/**
 * Puts everything back as it was before a step, the last change first. Can be repeated after any interruption.
 *
 * @param force also what somebody has changed since: files are put back and kept as copies; what a command changed is
 *   left to the command's own opposite, which takes back no more than ours
 * @throws PhyllomeError `undo-not-found`, `journal-damaged`, `undo-refused` (nothing was done), `undo-incomplete`
 */
export async function undoStep(
  root: string,
  effects: Effects,
  id: string,
  force: boolean,
): Promise<FixResult> {
  const step = stepToUndo(root, id);
  const { plan, folders } = step.record;
  const fates = fatesOf(root, step);
  const opposite = commandsToTakeBack(step, fates);
  if (!force) refuseWhatChanged(step, fates);
  for (const { path } of fates) requireSafeFolders(root, path);

  await note(effects, id, { did: 'undo' });
  const kept: string[] = [];
  const notes: string[] = [];
  for (const fate of fates) {
    // Whatever its own opposite takes back stays as it is until then.
    if (fate.command !== null && opposite.has(fate.command)) continue;
    if (fate.is === 'interrupted' || fate.is === 'changed') {
      const copy = await keepCopy(root, id, fate.path);
      if (copy !== null) kept.push(copy);
    }
    await putBack(root, effects, id, fate);
  }
  for (const path of [...plan.files.map((file) => file.path), ...fates.map((fate) => fate.path)])
    if (nodeAt(join(root, besideOf(path))) !== null) await effects.remove(besideOf(path));
  for (const folder of folders.toReversed())
    if (!(await effects.removeFolder(folder)))
      notes.push(`${folder} stays: somebody has put something into it.`);

  const failures = await takeBack(effects, step, opposite, notes);
  if (failures.length > 0)
    throw new PhyllomeError('undo-incomplete', { reason: failures.join('; '), entry: id });
  await note(effects, id, { did: 'undone' });
  return { entry: id, kept, notes };
}

/**
 * The commands that are taken back by their opposites: those that touch no files, and those whose files somebody has
 * changed since, where bytes would take away the work of others.
 */
function commandsToTakeBack(step: Step, fates: readonly Fate[]): Set<number> {
  const { commands } = step.record.plan;
  return new Set(
    commands.flatMap(({ touches, undo }, index) => {
      if (!wasBegun(step, `command ${index}`) || undo === null) return [];
      const changed = fates.some((fate) => fate.command === index && fate.is === 'changed');
      return touches.length === 0 || changed ? [index] : [];
    }),
  );
}

function refuseWhatChanged({ record }: Step, fates: readonly Fate[]): void {
  const { id, plan } = record;
  const changed = fates.filter(
    ({ is, command }) =>
      is === 'changed' && (command === null || plan.commands[command]?.regenerates !== true),
  );
  if (changed.length === 0) return;
  const commands = new Set(
    changed.flatMap(({ command }) => (command === null ? [] : [plan.commands[command]])),
  );
  const instead = [...commands].flatMap((command) => command?.undo ?? []).join(' ');
  const files = changed.some(({ command }) => command === null || plan.commands[command]?.undo === null);
  throw new PhyllomeError('undo-refused', {
    changed: changed.map(({ path }) => path),
    next:
      `Compare them with what "phyllome undo ${id}" shows. "phyllome undo ${id} --force" ` +
      [
        ...(files ? ['puts the old files back and keeps copies of those that are there now'] : []),
        ...(instead === '' ? [] : [`runs "${instead}" and leaves the rest of the files as it is`]),
      ].join(', and ') +
      '.',
  });
}

async function putBack(
  root: string,
  effects: Effects,
  id: string,
  { path, before, saved, is }: Fate,
): Promise<void> {
  if (is === 'as-before') return;
  if (before === null || before.kind === 'absent') return effects.remove(path);
  if (before.kind === 'device') {
    // A device that is gone has no owner to be given back.
    if (nodeAt(join(root, path)) !== null) await effects.setOwner(path, before);
    return;
  }
  await effects.writeBeside(path, savedContent(root, id, saved), before);
  await effects.putInPlace(path);
}

async function takeBack(
  effects: Effects,
  step: Step,
  opposite: ReadonlySet<number>,
  notes: string[],
): Promise<string[]> {
  const { id, plan } = step.record;
  const failures: string[] = [];
  for (const index of [...opposite].toReversed()) {
    const command = plan.commands[index];
    const action = `command ${index}` as const;
    const did = (what: string): boolean =>
      step.notes.some((line) => line.did === what && 'action' in line && line.action === action);
    if (command === undefined || command.undo === null || did('took-back')) continue;
    // An undo that was interrupted here may have done it already, so that it has nothing left to do and fails.
    const again = did('take-back') && !command.regenerates;
    await note(effects, id, { did: 'take-back', action });
    const { code, output } = await effects.run(command.undo);
    const words = `${command.undo.join(' ')}: ${output === '' ? `ended with ${code}` : output}`;
    if (code === 0) await note(effects, id, { did: 'took-back', action });
    else if (command.undoMayFail || again) notes.push(words);
    else failures.push(words);
  }
  return failures;
}
