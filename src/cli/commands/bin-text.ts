// SPDX-License-Identifier: Apache-2.0
//
// Deleted machines and what becomes of them, in words.
import type { BinEntry, BinStatus, DeletionPlan } from '../../contract/bin.ts';
import { plain } from '../terminal/output.ts';
import { textTable } from '../terminal/text-table.ts';
import { ageText, sizeText, timeText } from '../terminal/words.ts';

export function binLines(entries: readonly BinEntry[]): string[] {
  if (entries.length === 0) return ['The bin is empty.'];
  const dated = entries.some(({ eraseAt }) => eraseAt !== null);
  const rows = entries.map(({ name, deletedAt, bytes, frees, eraseAt, id }) => [
    plain(name),
    `${ageText(deletedAt)} ago`,
    sizeText(bytes),
    sizeText(frees),
    ...(dated ? [eraseAt === null ? 'never' : timeText(eraseAt)] : []),
    plain(id),
  ]);
  const titles = [
    { title: 'NAME' },
    { title: 'DELETED' },
    { title: 'SIZE', align: 'right' },
    { title: 'FREES', align: 'right' },
    ...(dated ? [{ title: 'WILL BE ERASED' }] : []),
    { title: 'ID' },
  ] as const;
  return textTable(titles, rows);
}

export function statusLines({ keepDays, count, frees, bytes }: BinStatus): string[] {
  return [
    ...(count === 0
      ? []
      : [
          `Emptying the bin frees ${sizeText(frees)}${frees < bytes ? `; the rest of ${sizeText(bytes)} is shared with other machines` : ''}.`,
        ]),
    keepText(keepDays),
  ];
}

export const keepText = (keepDays: number | null): string =>
  keepDays === null
    ? 'Deleted machines are kept until you erase them.'
    : `Deleted machines are erased by themselves after ${keepDays} ${keepDays === 1 ? 'day' : 'days'}; a notice comes a day before.`;

// More lines than that would push what matters off the screen; --json has them all.
const mostFiles = 20;

/** Which files go, and which stay. */
export function deletionLines({ files, stays }: Pick<DeletionPlan, 'files' | 'stays'>): string[] {
  const rows = files
    .slice(0, mostFiles)
    .map(({ file, bytes, frees }) => [plain(file), sizeText(bytes), frees === bytes ? '' : 'shared']);
  const [, ...lines] = textTable([{ title: '' }, { title: '', align: 'right' }, { title: '' }], rows);
  const more = files.length - rows.length;
  return [
    ...lines.map((line) => `  ${line}`),
    ...(more > 0 ? [`  and ${more} smaller ${more === 1 ? 'file' : 'files'}`] : []),
    ...stays.map(({ file, what }) => `Stays where it is: ${plain(file)} (${what})`),
  ];
}

/** What comes back when it is erased. */
export const freesText = ({ bytes, frees }: Pick<DeletionPlan, 'bytes' | 'frees'>): string =>
  frees === bytes
    ? `Erasing it frees ${sizeText(frees)}.`
    : `Erasing it frees ${sizeText(frees)} of its ${sizeText(bytes)}: the rest is shared with other machines, or has a further name elsewhere.`;
