// SPDX-License-Identifier: Apache-2.0
import type { Run } from '../context.ts';
import { plain } from '../terminal/output.ts';
import { textTable } from '../terminal/text-table.ts';

export const catalog: Run = async ({ client, output, json }) => {
  const entries = await client.call('catalog');
  if (json) {
    output.json(entries);
    return;
  }
  const rows = entries.map(({ id, name, description }) => [plain(id), plain(name), plain(description)]);
  textTable([{ title: 'ENTRY' }, { title: 'NAME' }, { title: 'WHAT IT IS' }], rows).forEach(output.say);
  output.note('\n"phyllome run ENTRY" makes and starts one.');
};
