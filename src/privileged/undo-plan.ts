// SPDX-License-Identifier: Apache-2.0
//
// What undoing a step would do now, as far as everybody may know it: the service shows it, root computes it again and
// compares. What files hold that only root may read, root finds out when it is done (fates.ts).
import { createHash } from 'node:crypto';
import { PhyllomeError } from '../contract/errors.ts';
import type { FileChange, UndoPlan } from '../contract/fix.ts';
import { unifiedDiff } from '../host/fixes/diff.ts';
import { openTree, type Tree } from '../host/fixes/tree.ts';
import { entryOf, readStep, stateOfStep, type Action, type Step } from './journal.ts';

/** Whether an action of a step was at least begun. */
export const wasBegun = ({ notes }: Step, action: Action): boolean =>
  notes.some((note) => note.did === 'begin' && note.action === action);

/** A step that can be undone. @throws PhyllomeError `undo-not-found`, `journal-damaged` */
export function stepToUndo(root: string, id: string): Step {
  const step = readStep(root, id);
  if (stateOfStep(step) === 'undone') throw new PhyllomeError('undo-not-found', { entry: id });
  return step;
}

/** @throws PhyllomeError `undo-not-found`, `journal-damaged` */
export function planUndo(root: string, id: string): UndoPlan {
  const step = stepToUndo(root, id);
  const { plan } = step.record;
  const tree = openTree(root);
  const files: FileChange[] = [];
  const changed: string[] = [];
  for (const [index, change] of plan.files.entries()) {
    if (!wasBegun(step, `file ${index}`)) continue;
    const current = textOf(tree, change.path);
    if (current === change.before) continue;
    if (current !== change.after) changed.push(change.path);
    files.unshift({ path: change.path, before: current ?? null, after: change.before, mode: change.mode });
  }
  const begun = plan.commands.filter((_, index) => wasBegun(step, `command ${index}`)).toReversed();
  const restores = [...new Set(begun.flatMap(({ touches }) => touches))];
  const commands = begun.flatMap(({ touches, undo }) =>
    touches.length === 0 && undo !== null ? [undo] : [],
  );
  // What a command was to change is shown the other way round, where it stands as it was shown then.
  const expected = begun
    .flatMap((command) => command.expected)
    .filter(({ path, after }) => textOf(tree, path) === after)
    .map((change) => ({ ...change, before: change.after, after: change.before }));
  const notes = begun.flatMap(({ touches, undo, regenerates }) =>
    touches.length > 0 && undo !== null
      ? [
          regenerates
            ? `Where those files were changed since, this makes them anew instead: ${undo.join(' ')}`
            : `Where those files were changed since, --force leaves them as they are and runs: ${undo.join(' ')}`,
        ]
      : [],
  );
  const digest = createHash('sha256').update(JSON.stringify({ id, files, restores, commands })).digest('hex');
  const diff = unifiedDiff([...files, ...expected]);
  return { entry: entryOf(step), files, restores, commands, changed, notes, diff, digest };
}

// Undefined for what is no plain text file any more.
function textOf(tree: Tree, path: string): string | null | undefined {
  try {
    return tree.original(path)?.text ?? null;
  } catch {
    return undefined;
  }
}
