// SPDX-License-Identifier: Apache-2.0
import type { Machine } from '../../contract/api.ts';
import type { Context, Run } from '../context.ts';
import { plain } from '../terminal/output.ts';
import { followTask } from '../service/follow-task.ts';
import { startWithPassphrase } from '../service/unlock.ts';
import { passphraseFromFile } from '../terminal/ask-secret.ts';
import { timeText, typed } from '../terminal/words.ts';
import { discardFirst } from './save.ts';

export const start: Run = async (context, input) => {
  const { client, output, json } = context;
  const params = { ref: input.argument('NAME') };
  if (input.flag('dry-run')) {
    const plan = await client.call('planMachine', { params });
    const { planText } = await import('../plan-text.ts');
    if (json) output.json(plan);
    else output.say(planText(plan));
    return;
  }
  if (input.flag('discard-saved')) await discardFirst(context, input);
  const stopped = await client.call('showMachine', { params });
  const machine = await startWithPassphrase(context, stopped, await passphraseFromFile(input));
  const from = machine.run?.resumedFrom;
  const how = from === undefined ? '' : `, resumed from what was saved at ${timeText(from)}`;
  tell(context, machine, `${plain(machine.name)} is running${how}.`);
  output.note(`Talk to it with: phyllome console ${typed(machine.name)}`);
};

export const stop: Run = async (context, input) => {
  const { client, output, json } = context;
  const ref = input.argument('NAME');
  const force = input.flag('force');
  const body = { force, timeoutSeconds: input.number('timeout') ?? 60 };
  const task = await followTask(
    context,
    () => client.call('stopMachine', { params: { ref }, body }),
    `Stopped waiting for ${ref} to power off. Its guest may still do it.`,
  );
  if (json) output.json(task);
  else output.say(`${plain(ref)} is off.`);
};

export const pause: Run = async (context, input) => {
  const machine = await context.client.call('pauseMachine', { params: { ref: input.argument('NAME') } });
  tell(context, machine, `${plain(machine.name)} is paused.`);
};

export const resume: Run = async (context, input) => {
  const machine = await context.client.call('resumeMachine', { params: { ref: input.argument('NAME') } });
  tell(context, machine, `${plain(machine.name)} is running again.`);
};

export const reset: Run = async (context, input) => {
  const machine = await context.client.call('resetMachine', { params: { ref: input.argument('NAME') } });
  tell(context, machine, `${plain(machine.name)} was reset.`);
};

function tell({ output, json }: Context, machine: Machine, line: string): void {
  if (json) output.json(machine);
  else output.say(line);
}
