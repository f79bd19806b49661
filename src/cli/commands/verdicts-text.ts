// SPDX-License-Identifier: Apache-2.0
//
// Which VMMs can run a machine, in lines of at most 80 columns.
import type { MachineVerdict, MachineVerdicts } from '../../contract/vmm.ts';
import { plain, type Output, type Style } from '../terminal/output.ts';
import { typed } from '../terminal/words.ts';
import { wrapLines } from '../terminal/wrap.ts';

const outcomes: Readonly<Record<MachineVerdict['outcome'], { words: string; style: Style }>> = {
  runs: { words: 'runs it as it is', style: 'green' },
  'runs-with-losses': { words: 'runs it, with these losses', style: 'yellow' },
  cannot: { words: 'cannot run it', style: 'red' },
};

/** Every VMM with its verdict, each reason with what to change, and which one a start takes. */
export function verdictsLines(
  name: string,
  { pinned, reason, verdicts }: MachineVerdicts,
  output: Pick<Output, 'style'>,
): string[] {
  return [
    ...verdicts.flatMap((verdict) => [...verdictLines(verdict, output), '']),
    ...wrapLines(plain(reason)),
    ...wrapLines(
      pinned
        ? `It is pinned; "phyllome set ${typed(name)} vmm=auto" has one chosen at each start.`
        : `It is chosen at each start; "phyllome set ${typed(name)} vmm=NAME" pins one.`,
    ),
  ];
}

function verdictLines(verdict: MachineVerdict, { style }: Pick<Output, 'style'>): string[] {
  const { vmm, version, outcome, chosen, refusals, losses } = verdict;
  const { words, style: look } = outcomes[outcome];
  const name = style('bold', plain(`${vmm}${version === null ? '' : ` ${version}`}`));
  // What it would have to do without matters little when it cannot run anyway, but it is part of what to change.
  const reasons = [...refusals, ...losses];
  return [
    `${name} ${style(look, words)}${chosen ? '; a start takes this one' : ''}`,
    ...reasons.flatMap(({ code, text, hint }) => [
      ...wrapLines(`- ${plain(text)}`, '  ').map((line, index) => (index === 0 ? line : `  ${line}`)),
      ...wrapLines(plain(hint), '    '),
      style('dim', `    ${plain(code)}`),
    ]),
  ];
}
