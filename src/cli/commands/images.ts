// SPDX-License-Identifier: Apache-2.0
import type { Image } from '../../contract/image.ts';
import type { Run } from '../context.ts';
import { plain } from '../terminal/output.ts';
import { textTable } from '../terminal/text-table.ts';
import { sizeText, timeText } from '../terminal/words.ts';

export const images: Run = async ({ client, output, json }, input) => {
  const name = input.text('delete');
  if (name !== undefined) {
    const answer = await client.call('deleteImage', { params: { name } });
    if (json) output.json(answer);
    else output.say(`${plain(name)} was removed from the library.`);
    return;
  }
  const all = await client.call('listImages');
  if (json) output.json(all);
  else imageLines(all).forEach(output.say);
};

export function imageLines(all: readonly Image[]): string[] {
  if (all.length === 0) {
    return ['The library is empty. "phyllome download URL" and "phyllome upload FILE" put images into it.'];
  }
  const rows = all.map(({ name, format, system, bytes, modifiedAt, usedBy }) => [
    plain(name),
    format,
    plain(system ?? '-'),
    sizeText(bytes),
    timeText(modifiedAt),
    usedBy.map(plain).join(', '),
  ]);
  const titles = ['NAME', 'FORMAT', 'SYSTEM', 'SIZE', 'SINCE', 'USED BY'];
  return textTable(
    titles.map((title) => ({ title, ...(title === 'SIZE' && { align: 'right' as const }) })),
    rows,
  );
}

/** What is said of an image that has come into the library. */
export function addedLines({ name, format, bytes, file }: Image): string[] {
  return [`${plain(name)} (${format}, ${sizeText(bytes)}) is in the library: ${plain(file)}`];
}
