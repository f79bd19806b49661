// SPDX-License-Identifier: Apache-2.0
import { PhyllomeError } from '../../contract/errors.ts';
import type { Run } from '../context.ts';
import { journalLines, undoLines } from '../fix-text.ts';
import { rootCommand } from '../root-part.ts';
import { plain } from '../terminal/output.ts';
import { agreeAndRun } from './doctor-fix.ts';

export const undo: Run = async (context, input) => {
  const { client, output, json } = context;
  if (input.flag('list')) {
    const entries = await client.call('listJournal');
    if (json) output.json(entries);
    else journalLines(entries).forEach(output.say);
    return;
  }
  const id = input.argument('STEP') || (await latest(client));
  const plan = await client.call('showUndo', { params: { id } });
  const force = input.flag('force');
  const words = ['undo', plan.entry.id, '--digest', plan.digest, ...(force ? ['--force'] : [])];
  const wish = input.flag('yes');
  if (json && !wish) {
    output.json({ ...plan, command: rootCommand(words) });
    return;
  }
  if (!json) undoLines(plan, output).forEach(output.say);
  const result = await agreeAndRun(context, wish, 'Put this PC back like that?', words);
  if (result === null) return;
  if (json) output.json(result);
  else {
    output.say(`\nUndone: ${plain(plan.entry.title)}`);
    for (const text of result.notes) output.say(plain(text));
    for (const path of result.kept)
      output.say(`A copy of what was there is kept (for root) as ${plain(path)}`);
  }
};

/** The last step that has not been undone. @throws PhyllomeError `undo-not-found` */
async function latest(client: Parameters<Run>[0]['client']): Promise<string> {
  const entries = await client.call('listJournal');
  const found = entries.find(({ state }) => state === 'applied' || state === 'interrupted');
  if (found === undefined) throw new PhyllomeError('undo-nothing');
  return found.id;
}
