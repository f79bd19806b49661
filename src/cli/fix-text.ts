// SPDX-License-Identifier: Apache-2.0
import type { FixPlan, JournalEntry, UndoPlan } from '../contract/fix.ts';
import { commandLine } from './root-part.ts';
import { plain, plainLine, type Output } from './terminal/output.ts';
import { textTable } from './terminal/text-table.ts';

type Style = Pick<Output, 'style'>;

/** A fix with all that it would change, for a person. */
export function fixLines(plan: FixPlan, output: Style): string[] {
  return [
    `${output.style('bold', plain(plan.title))} (${plan.id})`,
    plain(plan.why),
    plain(`Now: ${plan.explanation}`),
    ...diffLines(plan.diff, output),
    ...section(
      plan.files.length > 0 ? 'Then root runs:' : 'Root runs:',
      plan.commands.map(({ argv, why }) => `${commandLine(argv)}    # ${why}`),
    ),
    ...section('Commands may also change, and an undo puts back:', unseen(plan)),
    ...section('', plan.notes),
  ];
}

/** What an undo would do, for a person. */
export function undoLines(plan: UndoPlan, output: Style): string[] {
  return [
    `${output.style('bold', `Undo: ${plain(plan.entry.title)}`)} (${plan.entry.id})`,
    ...diffLines(plan.diff, output),
    ...section('Put back as they were, byte for byte:', plan.restores),
    ...section(
      'Then root runs:',
      plan.commands.map((argv) => commandLine(argv)),
    ),
    ...section('', plan.notes),
    ...section('Somebody has changed since:', plan.changed),
  ];
}

export function journalLines(entries: readonly JournalEntry[]): string[] {
  if (entries.length === 0) return ['Nothing was changed on this PC by Phyllome.'];
  return textTable(
    [{ title: 'STEP' }, { title: 'STATE' }, { title: 'WHAT' }],
    entries.map(({ id, state, title }) => [id, state, plain(title)]),
  );
}

/** Lines of a diff in its usual colours. Text of files cannot command the terminal. */
function diffLines(diff: string, { style }: Style): string[] {
  if (diff === '') return [];
  const lines = diff.replace(/\n$/, '').split('\n').map(plainLine);
  const coloured = lines.map((line) => {
    if (/^(---|\+\+\+|new file|deleted file) /.test(line)) return style('bold', line);
    if (line.startsWith('@@')) return style('cyan', line);
    if (line.startsWith('+')) return style('green', line);
    return line.startsWith('-') ? style('red', line) : line;
  });
  return ['', ...coloured];
}

const unseen = ({ commands }: FixPlan): string[] =>
  [...new Set(commands.flatMap(({ touches }) => touches))].filter(
    (path) => !commands.some(({ expected }) => expected.some((change) => change.path === path)),
  );

const section = (title: string, lines: readonly string[]): string[] =>
  lines.length === 0
    ? []
    : ['', ...(title === '' ? [] : [title]), ...lines.map((line) => `  ${plain(line)}`)];
