// SPDX-License-Identifier: Apache-2.0
import { checkFixId, planFix, planFixes } from '../host/fixes/plan.ts';
import { openTree } from '../host/fixes/tree.ts';
import { userName } from '../host/identity.ts';
import { listJournal } from '../privileged/journal.ts';
import { planUndo } from '../privileged/undo-plan.ts';
import type { Engine } from './engine.ts';

/**
 * What could be changed on this PC and what was. Only shown here: nothing is applied through the API, so a page or a program
 * that got hold of it can change nothing on the PC.
 * @param root folder in which /etc, /proc and /sys are found
 */
export function createFixes(
  root: string,
): Pick<Engine, 'listFixes' | 'showFix' | 'listJournal' | 'showUndo'> {
  const pc = () => ({ tree: openTree(root), user: userName() });
  return {
    listFixes: () => planFixes(pc()),
    showFix: (id) => planFix(checkFixId(id), pc()),
    listJournal: () => listJournal(root),
    showUndo: (id) => planUndo(root, id),
  };
}
