// SPDX-License-Identifier: Apache-2.0
import type { Machine } from '../../contract/api.ts';
import { PhyllomeError } from '../../contract/errors.ts';
import type { Task } from '../../contract/task.ts';
import type { Context, Run } from '../context.ts';
import { Interrupted, usageError } from '../failure.ts';
import type { Input } from '../parse.ts';
import { followTask } from '../service/follow-task.ts';
import { askYesNo } from '../terminal/ask.ts';
import { plain } from '../terminal/output.ts';
import { sizeText, timeText } from '../terminal/words.ts';

export const save: Run = async (context, input) => {
  const tasks: Task[] = [];
  for (const ref of input.list('NAME')) tasks.push(await saveOne(context, ref));
  if (context.json) context.output.json(tasks);
};

/** Saves one machine, and says so. */
async function saveOne(context: Context, ref: string): Promise<Task> {
  const { client, output, json } = context;
  const params = { ref };
  const task = await followTask(
    context,
    () => client.call('saveMachine', { params }),
    `${ref} was not saved; it goes on as before.`,
  );
  const { name, state } = await client.call('showMachine', { params });
  if (!json)
    output.say(
      state.name === 'saved'
        ? `${plain(name)} is saved (${sizeText(state.bytes)}). "phyllome start" goes on where it was.`
        : `${plain(name)} is ${state.name}.`,
    );
  return task;
}

/**
 * Saves all guests that run, one after the other. One that cannot be saved keeps running, and the others are still saved.
 * @returns what went wrong
 */
export async function saveAll(context: Context): Promise<PhyllomeError[]> {
  const { client } = context;
  const machines = await client.call('listMachines');
  const failures: PhyllomeError[] = [];
  for (const { id } of machines.filter(canBeSaved)) {
    try {
      await saveOne(context, id);
    } catch (error) {
      if (error instanceof Interrupted) throw error;
      failures.push(PhyllomeError.from(error));
    }
  }
  return failures;
}

const canBeSaved = ({ state }: Pick<Machine, 'state'>): boolean =>
  state.name === 'running' || state.name === 'paused';

/** Before a start with --discard-saved: only somebody who means it loses what was in the memory. */
export async function discardFirst({ client, output, json }: Context, input: Input): Promise<void> {
  const params = { ref: input.argument('NAME') };
  const { name, state } = await client.call('showMachine', { params });
  if (state.name !== 'saved') return;
  if (!input.flag('yes')) {
    if (!output.interactive || json)
      throw usageError(
        'What was in the memory cannot be brought back. Without a terminal, --yes says that you mean it.',
        'start',
      );
    const question = `Throw away the memory of ${plain(name)}, saved ${timeText(state.since)}? What it had not written to its disks is lost.`;
    if (!(await askYesNo(question))) throw new Interrupted('Nothing was changed.');
  }
  await client.call('discardSaved', { params });
}
