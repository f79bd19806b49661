// SPDX-License-Identifier: Apache-2.0
//
// What was done to this PC, readable by everybody; reading never throws for what is written there, a damaged entry is
// listed as damaged. Writing it is in journal-writer.ts.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fixIds, type FixId } from '../contract/doctor.ts';
import { PhyllomeError, reasonOf } from '../contract/errors.ts';
import type { FixPlan, JournalEntry } from '../contract/fix.ts';
import { systemJournal } from '../contract/paths.ts';

/** entry.json: written before anything is done, never changed. It holds nothing that not everybody could read anyway. */
export interface Record {
  formatVersion: 1;
  id: string;
  at: string;
  plan: FixPlan;
  /** Folders that had to be made, in this order */
  folders: string[];
}

/** Part of a step: a file or a command of its plan, by index. */
export type Action = `file ${number}` | `command ${number}`;

/** A line of the log; each is on the disk before what it says begins, or after what it says has ended. */
export type Note = { at: string } & (
  | { did: 'begin' | 'end' | 'take-back' | 'took-back'; action: Action }
  | { did: 'applied' | 'undo' | 'undone' }
);

export interface Step {
  record: Record;
  notes: Note[];
}

const idPattern = new RegExp(`^\\d{8}-\\d{6}-(${fixIds.join('|')})(-\\d+)?$`);

/** Folder of an entry, below the root folder. */
export const entryFolder = (id: string): string => join(systemJournal, id);

/** All steps, newest first. */
export function listJournal(root: string): JournalEntry[] {
  let names: string[];
  try {
    names = readdirSync(join(root, systemJournal));
  } catch {
    // No fix was ever applied.
    return [];
  }
  const ids = names.filter((name) => idPattern.test(name));
  return ids
    .toSorted()
    .toReversed()
    .map((id) => {
      try {
        return entryOf(readStep(root, id));
      } catch (error) {
        return damaged(id, reasonOf(error));
      }
    });
}

/**
 * @throws PhyllomeError `undo-not-found`, `journal-damaged`
 */
export function readStep(root: string, id: string): Step {
  if (!idPattern.test(id)) throw new PhyllomeError('undo-not-found', { entry: id });
  const folder = join(root, entryFolder(id));
  let text: string;
  try {
    text = readFileSync(join(folder, 'entry.json'), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT')
      throw new PhyllomeError('undo-not-found', { entry: id }, { cause: error });
    throw damage(id, error);
  }
  try {
    const record = JSON.parse(text) as Record;
    if (record.formatVersion !== 1 || record.id !== id) throw new Error('it was written by another version');
    return { record, notes: parseLog(readFileSync(join(folder, 'log'), 'utf8')) };
  } catch (error) {
    throw damage(id, error);
  }
}

const damage = (id: string, error: unknown): PhyllomeError =>
  new PhyllomeError(
    'journal-damaged',
    { entry: id, reason: reasonOf(error), directory: entryFolder(id) },
    { cause: error },
  );

/** How far a step came. */
export function stateOfStep({ notes }: Step): JournalEntry['state'] {
  const last = notes.findLast(({ did }) => did === 'applied' || did === 'undo' || did === 'undone');
  return last?.did === 'applied' || last?.did === 'undone' ? last.did : 'interrupted';
}

export function entryOf(step: Step): JournalEntry {
  const { id, at, plan } = step.record;
  return {
    id,
    at,
    fix: plan.id,
    title: plan.title,
    user: plan.user,
    state: stateOfStep(step),
    changes: [
      ...plan.files.map(({ path, before }) => `${before === null ? 'made' : 'changed'} ${path}`),
      ...plan.commands.map(({ argv }) => `ran ${argv.join(' ')}`),
    ],
  };
}

// A line that a power cut left half-written says nothing: what it was to announce had not begun.
function parseLog(text: string): Note[] {
  const lines = text.split('\n').slice(0, -1);
  return lines.flatMap((line) => {
    try {
      return [JSON.parse(line) as Note];
    } catch {
      return [];
    }
  });
}

function damaged(id: string, reason: string): JournalEntry {
  const [, year, month, day, hour, minute, second] = /^(....)(..)(..)-(..)(..)(..)/.exec(id) ?? [];
  return {
    id,
    at: `${year}-${month}-${day}T${hour}:${minute}:${second}Z`,
    fix: idPattern.exec(id)?.[1] as FixId,
    title: 'This entry of the journal is damaged',
    user: null,
    state: 'damaged',
    changes: [reason],
  };
}
