// SPDX-License-Identifier: Apache-2.0
import type { GuestProfile } from '../../contract/catalog.ts';
import { plain, type Output } from '../terminal/output.ts';
import { textTable } from '../terminal/text-table.ts';

/** What suits a guest, a line each with its reason. */
export function choiceLines({ choices }: Pick<GuestProfile, 'choices'>): string[] {
  const rows = choices.map(({ key, value, reason }) => [key, value, reason].map(plain));
  return textTable([{ title: 'KEY' }, { title: 'VALUE' }, { title: 'BECAUSE' }], rows);
}

/** What the guest of a machine wants and does not get; nothing when it has all. */
export function shortcomingLines(
  { name, shortcomings }: Pick<GuestProfile, 'name' | 'shortcomings'>,
  output: Pick<Output, 'style'>,
): string[] {
  if (shortcomings.length === 0) return [];
  return [
    '',
    output.style('bold', `Less than ${plain(name)} wants`),
    ...shortcomings.map((sentence) => `  ${plain(sentence)}`),
  ];
}
