// SPDX-License-Identifier: Apache-2.0
//
// A disk as a picture in text: one bar with a piece for each partition, as wide as it is large, and what each piece is.
import type { OsDisk, OsPartition } from '../../contract/os-install.ts';
import { plain, type Output } from '../terminal/output.ts';
import { sizeText } from '../terminal/words.ts';

// A partition that is there is seen, however small it is (characters).
const narrowest = 2;
const barWidth = 64;

const roles: Readonly<Record<OsPartition['role'], string>> = {
  boot: 'starts this PC',
  system: 'system',
  data: 'data',
  swap: 'swap',
  recovery: 'recovery',
  member: 'piece of a RAID or a group of volumes',
  unknown: 'nothing that is known',
};

/** What a partition is, in words: "Windows, data, ntfs, "Games"". */
export function partitionText({ system, role, fileSystem, label }: OsPartition): string {
  const words = [system, roles[role], fileSystem, label === null || label === '' ? null : `"${label}"`];
  return plain(words.filter((word) => word !== null).join(', '));
}

export function diskLines(disk: OsDisk, { style }: Pick<Output, 'style'>): string[] {
  const { name, path, size, bus, serial, removable, refused, partitions, warnings, id } = disk;
  const facts = [
    path,
    sizeText(size),
    bus,
    serial === '' ? '' : `serial ${serial}`,
    removable ? 'removable' : '',
  ];
  return [
    `${style('bold', plain(name))}  ${style('dim', plain(facts.filter((fact) => fact !== '').join(', ')))}`,
    ...barLines(disk).map((line) => `  ${line}`),
    ...(partitions.length === 0 ? ['  Empty: nothing known is on it.'] : []),
    ...partitions.map(
      (part, index) =>
        `  ${String.fromCharCode(97 + (index % 26))}  ${sizeText(part.size).padStart(9)}  ${partitionText(part)}`,
    ),
    ...(refused === null
      ? warnings.map((text) => `  ${style('yellow', plain(text))}`)
      : [`  ${style('red', `Not this one: ${plain(refused.text)}.`)}`]),
    `  ${style('dim', `id: ${plain(id)}`)}`,
  ];
}

/** Pieces in order of their place; dots are room that nothing has. */
export function barLines({ partitions, size }: Pick<OsDisk, 'partitions' | 'size'>): string[] {
  if (size <= 0) return [];
  const pieces: { letter: string; bytes: number }[] = [];
  let end = 0;
  partitions.forEach((part, index) => {
    if (part.start - end > size / 200) pieces.push({ letter: '.', bytes: part.start - end });
    pieces.push({ letter: String.fromCharCode(97 + (index % 26)), bytes: part.size });
    end = Math.max(end, part.start + part.size);
  });
  if (size - end > size / 200) pieces.push({ letter: '.', bytes: size - end });
  const widths = pieces.map(({ bytes }) => Math.max(narrowest, Math.round((bytes / size) * barWidth)));
  // What small ones were given more than their share is taken from the widest.
  const surplus = widths.reduce((sum, width) => sum + width, 0) - barWidth;
  const widest = widths.indexOf(Math.max(...widths));
  const fitted = widths.map((width, index) =>
    index === widest ? Math.max(narrowest, width - surplus) : width,
  );
  return [`[${pieces.map(({ letter }, index) => letter.repeat(fitted[index] ?? narrowest)).join('|')}]`];
}
