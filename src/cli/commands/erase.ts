// SPDX-License-Identifier: Apache-2.0
import { PhyllomeError } from '../../contract/errors.ts';
import type { Run } from '../context.ts';
import { Interrupted, usageError } from '../failure.ts';
import { askYesNo } from '../terminal/ask.ts';
import { plain } from '../terminal/output.ts';
import { sizeText } from '../terminal/words.ts';

export const erase: Run = async ({ client, output, json }, input) => {
  const ref = input.argument('NAME');
  if (!input.flag('yes')) {
    if (!output.interactive || json)
      throw usageError(
        'What is erased cannot be brought back. Without a terminal, --yes says that you mean it.',
        'erase',
      );
    const entry = (await client.call('listBin')).find(({ id, name }) => id === ref || name === ref);
    if (entry === undefined) throw new PhyllomeError('bin-entry-not-found', { ref });
    const question = `Erase ${plain(entry.name)} with all its disks (${sizeText(entry.bytes)}; frees ${sizeText(entry.frees)}) for good?`;
    if (!(await askYesNo(question))) throw new Interrupted('Nothing was erased.');
  }
  const erased = await client.call('eraseMachine', { params: { ref } });
  if (json) output.json(erased);
  else output.say(`${plain(erased.name)} is erased; ${sizeText(erased.frees)} are free again.`);
};
