// SPDX-License-Identifier: Apache-2.0
//
// What becomes of each file of a step when it is undone.
import type { FixCommand } from '../contract/fix.ts';
import {
  changedAt,
  realPath,
  sameState,
  sha256,
  stateOf,
  touchedFiles,
  type FileState,
} from './file-state.ts';
import type { Note, Step } from './journal.ts';
import { savedAfter, savedBefore } from './journal-writer.ts';
import { toolPatience } from './run-tool.ts';
import { wasBegun } from './undo-plan.ts';

// A program that was interrupted may have written until its time was up; clocks of files are a little coarse.
const slack = 10_000;

export interface Fate {
  path: string;
  /** As it was before the step; null for a file that has come since, which is taken away */
  before: FileState | null;
  /** Where its bytes are kept: index in saved/ */
  saved: number;
  /** ours: it is as the step left it; interrupted: nobody knows, but nobody else wrote since; changed: somebody did */
  is: 'as-before' | 'ours' | 'interrupted' | 'changed';
  /** The command that touched it, as index; null for a file of the plan */
  command: number | null;
}

/** Every file that the step may have changed, the last one first. */
export function fatesOf(root: string, step: Step): Fate[] {
  const { id, plan } = step.record;
  const before = savedBefore(root, id);
  const indexOf = new Map(before.map(({ path }, index) => [path, index]));
  const fates = new Map<string, Fate>();

  const judge = (
    path: string,
    command: number | null,
    left: FileState | null,
    until: number | null,
  ): void => {
    const saved = indexOf.get(path);
    const old = saved === undefined ? null : (before[saved]?.state ?? null);
    const now = stateOf(root, path);
    const is =
      (old === null && now.kind === 'absent') || (old !== null && sameState(old, now))
        ? 'as-before'
        : left !== null && sameState(left, now)
          ? 'ours'
          : until !== null && changedAt(root, path) <= until
            ? 'interrupted'
            : 'changed';
    // Of several commands that touch a file, the last one has left it.
    fates.set(path, { path, before: old, saved: saved ?? -1, is, command });
  };

  for (const [index, { path, after, mode }] of plan.files.entries()) {
    if (!wasBegun(step, `file ${index}`)) continue;
    const old = before[indexOf.get(path) ?? -1]?.state;
    const owner = old === undefined || old.kind === 'absent' ? ourOwner() : { uid: old.uid, gid: old.gid };
    judge(path, null, { kind: 'file', mode, ...owner, sha256: sha256(Buffer.from(after ?? '')) }, null);
  }
  for (const [index, command] of plan.commands.entries()) {
    if (!wasBegun(step, `command ${index}`) || command.touches.length === 0) continue;
    const ended = step.notes.some((note) => note.did === 'end' && note.action === `command ${index}`);
    const left = ended ? savedAfter(root, id, index) : null;
    const until = left === null ? Date.parse(beginOf(step, index)) + toolPatience + slack : null;
    for (const path of pathsOf(
      root,
      command,
      before.map((saved) => saved.path),
      left?.map((saved) => saved.path) ?? [],
    )) {
      const known = left?.find((saved) => saved.path === path)?.state;
      // A file that is neither in what was nor in what the command left came from somebody else.
      const gone: FileState | null =
        left === null ? null : { kind: 'absent', mode: 0, uid: 0, gid: 0, sha256: '' };
      judge(path, index, known ?? gone, until);
    }
  }
  return [...fates.values()].toReversed();
}

export const ourOwner = (): { uid: number; gid: number } => ({
  uid: process.geteuid?.() ?? 0,
  gid: process.getegid?.() ?? 0,
});

// What is there now, and of what was there before or after the command, those it could have touched.
function pathsOf(root: string, { touches }: FixCommand, before: string[], left: string[]): Set<string> {
  const files = new Set(
    touchedFiles(
      root,
      touches.filter((path) => !path.endsWith('/')),
    ),
  );
  const folders = touches.filter((path) => path.endsWith('/'));
  const real = folders.flatMap((folder) => realPath(root, folder));
  const inFolders = (path: string): boolean => real.some((folder) => path.startsWith(`${folder}/`));
  const others = [...touchedFiles(root, folders), ...[...before, ...left].filter(inFolders)];
  return new Set([...files, ...others]);
}

function beginOf({ notes }: Step, command: number): string {
  const isIt = (note: Note): boolean => note.did === 'begin' && note.action === `command ${command}`;
  return notes.find(isIt)?.at ?? '';
}
