// SPDX-License-Identifier: Apache-2.0
import { resolve } from 'node:path';
import { vmmNames, type VmmName } from '../../contract/machine.ts';
import type { Run } from '../context.ts';
import { didYouMean } from '../did-you-mean.ts';
import { usageError } from '../failure.ts';
import { plain } from '../terminal/output.ts';
import { vmmLines, vmmsLines } from './vmms-text.ts';

export const vmms: Run = async ({ client, output, json }, input) => {
  const name = readName(input.argument('NAME'));
  const folder = input.text('folder');
  const forget = input.flag('no-folder');
  if (folder !== undefined && forget)
    throw usageError('--folder and --no-folder exclude each other.', 'vmms');
  // The service runs elsewhere: it gets the whole path.
  const directory = folder === undefined ? null : resolve(folder);
  const changes = forget || directory !== null;
  const list = changes
    ? await client.call('setVmmDirectory', { body: { directory } })
    : await client.call('listVmms');
  const wanted = name === null ? list : list.filter(({ vmm }) => vmm === name);
  if (json) {
    output.json(wanted);
    return;
  }
  if (changes)
    output.note(
      directory === null
        ? 'VMMs are looked for in PATH only.'
        : `VMMs are looked for in ${plain(directory)} first, then in PATH.`,
    );
  if (name === null) vmmsLines(wanted, input.flag('all'), output).forEach(output.say);
  else
    wanted
      .slice(0, input.flag('all') ? wanted.length : 1)
      .flatMap((overview, index) => [...(index > 0 ? [''] : []), ...vmmLines(overview, output)])
      .forEach(output.say);
};

function readName(word: string): VmmName | null {
  if (word === '') return null;
  const name = vmmNames.find((known) => known === word.toLowerCase());
  if (name !== undefined) return name;
  throw usageError(
    `There is no VMM "${plain(word)}": ${vmmNames.join(', ')}.${didYouMean(word, vmmNames)}`,
    'vmms',
  );
}
