// SPDX-License-Identifier: Apache-2.0
//
// Changes to this PC that "phyllome doctor --fix" can make, as data: what will be done is shown before anything is done.
import { FixId } from './doctor.ts';
import { Type, type Static } from './schema.ts';

const OneOf = <const Values extends readonly string[]>(values: Values, options: object = {}) =>
  Type.Unsafe<Values[number]>({ type: 'string', enum: [...values], ...options });

const Content = Type.Union([Type.String(), Type.Null()], { description: 'null: the file does not exist' });

/** A text file before and after. */
export const FileChange = Type.Object({
  path: Type.String(),
  before: Content,
  after: Content,
  mode: Type.Integer({ description: 'Permission bits that it will have' }),
});
export type FileChange = Static<typeof FileChange>;

/** A program of the distribution that is run as root. `argv[0]` is an absolute path; no shell is involved. */
export const FixCommand = Type.Object({
  argv: Type.Array(Type.String()),
  why: Type.String(),
  touches: Type.Array(Type.String(), {
    description:
      'Files that it may change, or folders ("/" at the end) whose files it may: their bytes are kept, and put back by an undo',
  }),
  expected: Type.Array(FileChange, {
    description: 'What it will change, as far as that can be said beforehand: shown, not written by us',
  }),
  undo: Type.Union([Type.Array(Type.String()), Type.Null()], {
    description:
      'Takes its effect back where there are no bytes to put back, or where somebody has changed them since',
  }),
  regenerates: Type.Boolean({
    description: 'It makes its files anew from others, so "undo" is right even when they were changed since',
  }),
  undoMayFail: Type.Boolean({ description: 'What "undo" takes back is gone after a restart anyway' }),
});
export type FixCommand = Static<typeof FixCommand>;

/** Everything that a fix would do on this PC now. */
export const FixPlan = Type.Object(
  {
    id: FixId,
    title: Type.String(),
    why: Type.String({ description: 'What it is good for' }),
    state: OneOf(['applicable', 'done', 'refused'], {
      description:
        'done: nothing is to be changed; refused: it cannot be done for you, explanation and next say why',
    }),
    explanation: Type.String({ description: 'How this PC is now, with what was found' }),
    next: Type.String({ description: 'What the person has to do; empty when nothing' }),
    user: Type.Union([Type.String(), Type.Null()], { description: 'Whom it is for' }),
    files: Type.Array(FileChange, { description: 'Written first, in this order' }),
    commands: Type.Array(FixCommand, { description: 'Run then, in this order' }),
    notes: Type.Array(Type.String(), { description: 'What to know before and after' }),
    needsReboot: Type.Boolean({ description: 'Takes effect with the next start of this PC' }),
    needsLogin: Type.Boolean({ description: 'Takes effect with the next login' }),
    diff: Type.String({ description: 'All changes of files as a unified diff, for people' }),
    digest: Type.String({
      description: 'SHA-256 of what would be done; who applies it names the digest of what was shown',
    }),
  },
  { title: 'FixPlan' },
);
export type FixPlan = Static<typeof FixPlan>;

/** One applied fix, as the journal of this PC tells it. */
export const JournalEntry = Type.Object(
  {
    id: Type.String(),
    at: Type.String({ description: 'ISO 8601, UTC' }),
    fix: FixId,
    title: Type.String(),
    user: Type.Union([Type.String(), Type.Null()]),
    state: OneOf(['applied', 'interrupted', 'undone', 'damaged'], {
      description:
        'interrupted: neither wholly done nor wholly undone, undo it; damaged: the journal cannot be read here',
    }),
    changes: Type.Array(Type.String(), { description: 'Files written and commands run, in words' }),
  },
  { title: 'JournalEntry' },
);
export type JournalEntry = Static<typeof JournalEntry>;

/** What undoing an entry would do now. */
export const UndoPlan = Type.Object(
  {
    entry: JournalEntry,
    files: Type.Array(FileChange),
    restores: Type.Array(Type.String(), {
      description:
        'Files and folders that a command changed and whose bytes are put back; only root has those bytes',
    }),
    commands: Type.Array(Type.Array(Type.String()), { description: 'Run after the files are as they were' }),
    changed: Type.Array(Type.String(), {
      description:
        'Files that somebody changed since: they are only put back when that is forced, and then kept as copies',
    }),
    notes: Type.Array(Type.String()),
    diff: Type.String(),
    digest: Type.String(),
  },
  { title: 'UndoPlan' },
);
export type UndoPlan = Static<typeof UndoPlan>;

/** What the part that runs as root did. */
export interface FixResult {
  /** Entry of the journal */
  entry: string;
  /** Where copies are kept of files that somebody had changed */
  kept: string[];
  /** What could not be taken back, and what to know */
  notes: string[];
}
