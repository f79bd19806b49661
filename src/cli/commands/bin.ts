// SPDX-License-Identifier: Apache-2.0
import { PhyllomeError } from '../../contract/errors.ts';
import type { Run } from '../context.ts';
import { Interrupted, usageError } from '../failure.ts';
import { askYesNo } from '../terminal/ask.ts';
import { plain } from '../terminal/output.ts';
import { sizeText } from '../terminal/words.ts';
import { binLines, keepText, statusLines } from './bin-text.ts';

export const bin: Run = async ({ client, output, json }) => {
  const [entries, status] = await Promise.all([client.call('listBin'), client.call('binStatus')]);
  if (json) output.json({ ...status, entries });
  else [...binLines(entries), '', ...statusLines(status)].forEach((line) => output.say(line));
};

export const emptyBin: Run = async ({ client, output, json }, input) => {
  const refs = input.list('NAME');
  if (!input.flag('yes')) {
    if (!output.interactive || json)
      throw usageError(
        'What is erased cannot be brought back. Without a terminal, --yes says that you mean it.',
        'bin empty',
      );
    const entries = await client.call('listBin');
    const wanted = refs.length === 0 ? entries : refs.map((ref) => findEntry(entries, ref));
    if (wanted.length === 0) {
      output.say('The bin is empty.');
      return;
    }
    binLines(wanted).forEach((line) => output.say(line));
    if (
      !(await askYesNo(
        `Erase ${wanted.length === 1 ? 'it' : `these ${wanted.length}`} with all disks for good?`,
      ))
    )
      throw new Interrupted('Nothing was erased.');
  }
  const emptied = await client.call('emptyBin', { body: refs.length === 0 ? {} : { refs } });
  const { erased, kept, frees } = emptied;
  if (json) output.json(emptied);
  else output.say(`${erased.length} erased; ${sizeText(frees)} are free again.`);
  for (const { reason } of json ? [] : kept) output.note(plain(reason));
  const [first] = kept;
  if (first !== undefined) {
    const { name, reason } = first;
    throw new PhyllomeError('bin-not-emptied', { count: kept.length, name, reason });
  }
};

export const keepInBin: Run = async ({ client, output, json }, input) => {
  const keepDays = readDays(input.argument('TIME'));
  const status = await client.call('setBinKeep', { body: { keepDays } });
  if (json) output.json(status);
  else output.say(keepText(status.keepDays));
};

/** "30d", "30" or "4w" in days; "forever" is null. */
export function readDays(text: string): number | null {
  if (text === 'forever' || text === 'never') return null;
  const [, number, unit] = /^(\d{1,5})([dw]?)$/.exec(text) ?? [];
  const days = Number(number) * (unit === 'w' ? 7 : 1);
  if (number === undefined || days < 1 || days > 36_500)
    throw usageError(
      `"${text}" is no time to keep machines: give days such as 30d, weeks such as 4w, or forever.`,
      'bin keep',
    );
  return days;
}

function findEntry<Entry extends { id: string; name: string }>(
  entries: readonly Entry[],
  ref: string,
): Entry {
  const entry = entries.find(({ id, name }) => id === ref || name === ref);
  if (entry === undefined) throw new PhyllomeError('bin-entry-not-found', { ref });
  return entry;
}
