// SPDX-License-Identifier: Apache-2.0
//
// "phyllome doctor --fix [FIX]": shows what would change, asks, and has root do it.
import { PhyllomeError } from '../../contract/errors.ts';
import type { FixResult } from '../../contract/fix.ts';
import type { Context, Run } from '../context.ts';
import { fixLines } from '../fix-text.ts';
import { commandLine, rootCommand, runAsRoot } from '../root-part.ts';
import { askYesNo } from '../terminal/ask.ts';
import { plain } from '../terminal/output.ts';

export const doctorFix: Run = async (context, input) => {
  const { client, output, json } = context;
  const id = input.argument('WHAT');
  if (id === '') {
    await showAll(context);
    return;
  }
  const plan = await client.call('showFix', { params: { id } });
  const words = [
    'apply',
    plan.id,
    ...(plan.user === null ? [] : ['--user', plan.user]),
    '--digest',
    plan.digest,
  ];
  const wish = input.flag('yes');
  if (json && !wish) {
    output.json({ ...plan, command: rootCommand(words) });
    return;
  }
  if (!json) fixLines(plan, output).forEach(output.say);
  if (plan.state === 'done') {
    if (json) output.json({ entry: null, kept: [], notes: plan.notes });
    else output.say('\nNothing is to be changed.');
    return;
  }
  if (plan.state === 'refused')
    throw new PhyllomeError('fix-refused', { id: plan.id, reason: plan.explanation, next: plan.next });
  const result = await agreeAndRun(context, wish, 'Change this PC like that?', words);
  if (result === null) return;
  if (json) output.json(result);
  else {
    output.say(`\nDone, as step ${result.entry}.`);
    for (const text of result.notes) output.say(plain(text));
    output.say(`Take it back with: phyllome undo ${result.entry}`);
  }
};

/**
 * Has root do what was shown, when the person agrees. Without a terminal nobody can: then the command is shown.
 * @returns null when nothing was done
 */
export async function agreeAndRun(
  { output }: Pick<Context, 'output'>,
  wish: boolean,
  question: string,
  words: readonly string[],
): Promise<FixResult | null> {
  const command = commandLine(rootCommand(words));
  if (!wish && !output.interactive) {
    output.say(`\nNothing was changed. This does it:\n  ${command}`);
    return null;
  }
  output.note(`\nThis will be run:\n  ${command}`);
  if (!wish && !(await askYesNo(question))) {
    output.say('Nothing was changed.');
    return null;
  }
  return await runAsRoot(words);
}

async function showAll({ client, output, json }: Context): Promise<void> {
  const plans = await client.call('listFixes');
  if (json) {
    output.json(plans);
    return;
  }
  const applicable = plans.filter(({ state }) => state === 'applicable');
  for (const plan of applicable) {
    fixLines(plan, output).forEach(output.say);
    output.say(`\nDo it with: phyllome doctor --fix ${plan.id}\n`);
  }
  for (const { id, state, explanation, next } of plans) {
    if (state === 'applicable') continue;
    const mark =
      state === 'done' ? output.style('green', 'nothing to do') : output.style('yellow', 'not by us');
    output.say(`${id}: ${mark}. ${plain(`${explanation} ${next}`.trim())}`);
  }
}
