// SPDX-License-Identifier: Apache-2.0
import { resolve } from 'node:path';
import type { Folder } from '../../contract/image.ts';
import type { Run } from '../context.ts';
import { plain } from '../terminal/output.ts';
import { textTable } from '../terminal/text-table.ts';
import { sizeText, timeText } from '../terminal/words.ts';

export const files: Run = async ({ client, output, json }, input) => {
  const given = input.argument('PATH');
  const folder = await client.call('listFiles', { query: given === '' ? {} : { path: resolve(given) } });
  if (json) {
    output.json(folder);
    return;
  }
  folderLines(folder).forEach(output.say);
  output.note(`\nOne may look into: ${folder.places.map(({ path }) => plain(path)).join(', ')}`);
};

export function folderLines({ path, entries, truncated }: Folder): string[] {
  if (entries.length === 0) return [`There is no folder and no image in ${plain(path)}`];
  const rows = entries.map(({ name, kind, format, bytes, modifiedAt }) => [
    kind === 'folder' ? `${plain(name)}/` : plain(name),
    format ?? '-',
    bytes === null ? '-' : sizeText(bytes),
    timeText(modifiedAt),
  ]);
  const table = textTable(
    [{ title: 'NAME' }, { title: 'FORMAT' }, { title: 'SIZE', align: 'right' }, { title: 'CHANGED' }],
    rows,
  );
  return truncated ? [...table, 'There are more entries than these.'] : table;
}
