// SPDX-License-Identifier: Apache-2.0
import { PhyllomeError } from '../../contract/errors.ts';
import type { FileChange, FixCommand, FixPlan } from '../../contract/fix.ts';
import type { Tree } from './tree.ts';

/** What every fix is planned from. */
export interface Pc {
  tree: Tree;
  /** Name of whom the fix is for; null when this system knows no name for them */
  user: string | null;
}

/** What a fix says about a PC; plan.ts makes the plan of it. */
export type Draft = Pick<FixPlan, 'state' | 'explanation'> & Partial<Omit<FixPlan, 'state' | 'explanation'>>;

export const done = (explanation: string, notes: string[] = []): Draft => ({
  state: 'done',
  explanation,
  notes,
});

/** `next` is what the person can do instead. */
export const refused = (explanation: string, next: string): Draft => ({
  state: 'refused',
  explanation,
  next,
});

export function command(argv: string[], why: string, more: Partial<FixCommand> = {}): FixCommand {
  return {
    argv,
    why,
    touches: [],
    expected: [],
    undo: null,
    regenerates: false,
    undoMayFail: false,
    ...more,
  };
}

// In the order in which root's PATH has them. A plan names programs by their whole path: nothing is looked up when it is done.
const programFolders = ['/usr/sbin', '/usr/bin', '/sbin', '/bin'];

/** The whole path of a program of the distribution, or null. */
export function program(tree: Tree, name: string): string | null {
  return programFolders.map((folder) => `${folder}/${name}`).find((path) => tree.program(path)) ?? null;
}

/** @throws PhyllomeError `fix-refused` when this PC lacks the program */
export function requireProgram(tree: Tree, name: string, instead: string): string {
  const path = program(tree, name);
  if (path !== null) return path;
  throw new PhyllomeError('fix-refused', {
    reason: `There is no program "${name}" on this PC.`,
    next: instead,
  });
}

const heading = '# Made by Phyllome; "phyllome undo" takes it away again. Lines that you add are kept.\n';

/**
 * A file of ours that has to hold some lines. What else is in it, it keeps; null when it holds them already.
 * @throws PhyllomeError `fix-refused`
 */
export function fileWithLines(tree: Tree, path: string, lines: readonly string[]): FileChange | null {
  const old = tree.original(path);
  if (old === null) return { path, before: null, after: `${heading}${lines.join('\n')}\n`, mode: 0o644 };
  const present = new Set(old.text.split('\n').map((line) => line.trim()));
  const missing = lines.filter((line) => !present.has(line));
  if (missing.length === 0) return null;
  const kept = old.text === '' || old.text.endsWith('\n') ? old.text : `${old.text}\n`;
  return { path, before: old.text, after: `${kept}${missing.join('\n')}\n`, mode: old.mode };
}
