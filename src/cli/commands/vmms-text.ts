// SPDX-License-Identifier: Apache-2.0
//
// What the VMMs of this PC can do, in lines of at most 80 columns.
import type { VmmClaim, VmmOverview } from '../../contract/vmm.ts';
import { plain, type Output, type Style } from '../terminal/output.ts';
import { textTable, type Cell } from '../terminal/text-table.ts';
import { wrapLines } from '../terminal/wrap.ts';
import { featureWords } from '../../contract/feature-words.ts';
import { sourceWords } from '../vmm-words.ts';

type Screen = Pick<Output, 'style' | 'terminal'>;
type Possible = VmmClaim['possible'];

const signs: Readonly<Record<Possible, { sign: string; style: Style }>> = {
  yes: { sign: '✓', style: 'green' },
  partly: { sign: '~', style: 'yellow' },
  no: { sign: '✗', style: 'red' },
};

/** A sign on a terminal; a word for programs and for files. */
function possibleCell(possible: Possible, { style, terminal }: Screen): Cell {
  if (!terminal) return possible;
  const { sign, style: look } = signs[possible];
  return { text: sign, shown: style(look, sign) };
}

/**
 * Every VMM with its version and place, why others cannot be used, and what each can do.
 * @param all also for guests of other architectures
 */
export function vmmsLines(list: readonly VmmOverview[], all: boolean, screen: Screen): string[] {
  // The first is of this PC's own kind: the service lists that first.
  const own = list[0]?.architecture;
  const groups = [...Map.groupBy(list, ({ architecture }) => architecture)];
  const shown = groups.filter(([architecture]) => all || architecture === own);
  const others = groups.filter(([architecture]) => !all && architecture !== own);
  const lines = shown.flatMap(([architecture, vmms], index) => [
    ...(index > 0 ? [''] : []),
    ...(shown.length > 1 ? [screen.style('bold', `For ${architecture} guests`), ''] : []),
    ...groupLines(vmms, screen),
  ]);
  return [
    ...lines,
    '',
    ...(screen.terminal ? ['✓ yes, ~ partly, ✗ no.'] : []),
    '"phyllome vmms NAME" says why, and how that is known.',
    ...(others.length === 0
      ? []
      : wrapLines(
          `Guests of other architectures can run as well: ${others.map(([name]) => name).join(', ')}. "--all" shows with what.`,
        )),
  ];
}

function groupLines(vmms: readonly VmmOverview[], screen: Screen): string[] {
  const usable = vmms.filter(({ problem }) => problem === null);
  const places = textTable(
    [{ title: 'VMM' }, { title: 'VERSION' }, { title: 'WHERE' }],
    vmms.map(({ vmm, version, binary }) => [
      vmm,
      plain(version ?? '-'),
      binary === null ? { text: 'not usable', shown: screen.style('dim', 'not usable') } : plain(binary),
    ]),
  );
  return [
    ...places,
    ...vmms.flatMap((overview) => problemLines(overview, screen)),
    ...(usable.length === 0 ? [] : ['', ...matrixLines(usable, screen)]),
  ];
}

/** Why it cannot be used, and how to get it. */
function problemLines({ vmm, problem }: VmmOverview, { style }: Screen): string[] {
  if (problem === null) return [];
  return [
    '',
    style('bold', vmm),
    ...wrapLines(plain(problem.message), '  '),
    ...wrapLines(plain(problem.hint), '  '),
  ];
}

function matrixLines(vmms: readonly VmmOverview[], screen: Screen): string[] {
  const features = [...new Set(vmms.flatMap(({ claims }) => claims.map(({ feature }) => feature)))];
  return textTable(
    [{ title: 'WHAT' }, ...vmms.map(({ vmm }) => ({ title: vmm }))],
    features.map((feature) => [
      featureWords[feature] ?? plain(feature),
      ...vmms.map(({ claims }): Cell => {
        const claim = claims.find((other) => other.feature === feature);
        return claim === undefined ? '' : possibleCell(claim.possible, screen);
      }),
    ]),
  );
}

/** One VMM with every claim, how it is known, and what there is to add. */
export function vmmLines(overview: VmmOverview, screen: Screen): string[] {
  const { vmm, version, binary, architecture, claims } = overview;
  const name = screen.style('bold', plain(`${vmm}${version === null ? '' : ` ${version}`}`));
  const rows = claims.map((claim): Cell[] => [
    featureWords[claim.feature] ?? plain(claim.feature),
    possibleCell(claim.possible, screen),
    sourceWords(claim),
  ]);
  const columns = [{ title: 'WHAT' }, { title: '' }, { title: 'HOW IT IS KNOWN' }];
  const [head = '', ...lines] = textTable(columns, rows);
  return [
    `${name} for ${architecture} guests${binary === null ? ' cannot be used' : `: ${plain(binary)}`}`,
    ...problemLines(overview, screen).slice(2),
    ...(claims.length === 0 ? [] : ['', head]),
    ...lines.flatMap((line, index) => {
      const detail = plain(claims[index]?.detail ?? '');
      return [
        line,
        ...(detail === '' ? [] : wrapLines(detail, '    ').map((text) => screen.style('dim', text))),
      ];
    }),
  ];
}
