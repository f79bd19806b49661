// SPDX-License-Identifier: Apache-2.0
import type { DoctorReport, Finding, Severity, Tier } from '../../contract/doctor.ts';
import { plain, type Output, type Style } from '../terminal/output.ts';
import { textTable, type Cell } from '../terminal/text-table.ts';

const styles: Readonly<Record<Severity, Style>> = {
  problem: 'red',
  warning: 'yellow',
  advice: 'cyan',
  good: 'green',
};

/** Checklists of the two kinds of PC, then findings, worst first, each with what led to it. */
export function doctorLines(report: DoctorReport, output: Pick<Output, 'style'>): string[] {
  const { tiers, findings, notes } = report;
  return [
    ...tierLines('What Phyllome needs', tiers.minimum, output),
    '',
    ...tierLines('What makes it a pleasure', tiers.recommended, output),
    '',
    ...findings.flatMap((finding) => [...findingLines(finding, output), '']),
    ...(notes.length === 0
      ? []
      : [output.style('bold', 'Notes'), ...notes.map((note) => `  ${plain(note)}`), '']),
    summary(findings),
  ];
}

const boxes = { yes: '[x]', no: '[ ]', unknown: '[?]' } as const;

function tierLines(title: string, tier: Tier, { style }: Pick<Output, 'style'>): string[] {
  const cells = tier.requirements.map(({ text, met, found }): Cell[] => {
    const box = boxes[met === null ? 'unknown' : met ? 'yes' : 'no'];
    const shown = style(met === null ? 'dim' : met ? 'green' : 'yellow', box);
    return [{ text: box, shown }, plain(text), plain(found)];
  });
  const columns = [{ title: '' }, { title: '' }, { title: '' }];
  const verdict = tier.met === null ? 'as far as can be seen' : tier.met ? 'all there' : 'not all there';
  const lines = textTable(columns, cells).slice(1);
  return [`${style('bold', title)}: ${verdict}`, ...lines.map((line) => `  ${line}`)];
}

function findingLines(finding: Finding, { style }: Pick<Output, 'style'>): string[] {
  const { id, severity, title, explanation, evidence, next, causedBy, fix } = finding;
  return [
    `${style(styles[severity], severity)}: ${style('bold', plain(title))}  ${style('dim', id)}`,
    `  ${plain(explanation)}`,
    ...(causedBy.length === 0 ? [] : [`  Caused by: ${causedBy.join(', ')}`]),
    ...evidence.map(({ source, value }) => style('dim', `    ${plain(source)}: ${plain(value)}`)),
    ...next.map((step, index) => `  ${next.length > 1 ? `${index + 1}. ` : 'Next: '}${plain(step)}`),
    ...(fix === null ? [] : [`  Phyllome can do it: phyllome doctor --fix ${fix}`]),
  ];
}

function summary(findings: readonly Finding[]): string {
  const count = (severity: Severity) => findings.filter((finding) => finding.severity === severity).length;
  const problems = count('problem');
  const warnings = count('warning');
  if (problems + warnings === 0) return 'Nothing is wrong with this PC.';
  return `${words(problems, 'problem')}, ${words(warnings, 'warning')}, ${words(count('advice'), 'piece')} of advice.`;
}

const words = (number: number, word: string): string => `${number} ${word}${number === 1 ? '' : 's'}`;

export const hasProblem = ({ findings }: DoctorReport): boolean =>
  findings.some(({ severity }) => severity === 'problem');
