// SPDX-License-Identifier: Apache-2.0
import type { Machine } from '../../contract/api.ts';
import type { Context } from '../context.ts';
import { openEvents } from '../service/events.ts';
import { PhyllomeError } from '../../contract/errors.ts';
import { plain } from '../terminal/output.ts';
import { typed } from '../terminal/words.ts';

// A console closes a moment before the machine is known to have ended; that is waited for this long (ms).
const endMilliseconds = 5000;

/**
 * Attaches the console of a machine and says how it ended, and what can be done then.
 * @throws PhyllomeError when the machine crashed or the service went away
 */
export async function consoleSession(
  context: Context,
  machine: Pick<Machine, 'id' | 'name'>,
  history: number,
): Promise<void> {
  const { output } = context;
  const { attachConsole } = await import('./attach.ts');
  output.note(`Console of ${plain(machine.name)}. Ctrl-] leaves it; the machine keeps running.`);
  const end = await attachConsole(context, machine.id, history);
  if (end === 'left') {
    output.note(`\nYou left the console; ${plain(machine.name)} keeps running.`);
    output.note(
      `Come back: phyllome console ${typed(machine.name)}    Stop it: phyllome stop ${typed(machine.name)}`,
    );
  }
  if (end === 'closed') await explainClosed(context, machine);
}

async function explainClosed(context: Context, { id, name }: Pick<Machine, 'id' | 'name'>): Promise<void> {
  const { client, output } = context;
  const state = await finalState(context, id);
  output.note('');
  if (state.name === 'stopped') output.note(`${plain(name)} is off.`);
  else if (state.name === 'saved') output.note(`${plain(name)} is saved.`);
  else if (state.name === 'crashed') throw new PhyllomeError('vmm-gone', { name, reason: state.reason });
  else {
    output.note(`The service closed the console; ${plain(name)} is ${state.name}.`);
    await client.call('service');
  }
}

/** The state a machine comes to rest in, or the one it has when that takes too long. */
async function finalState({ client }: Context, id: string): Promise<Machine['state']> {
  using feed = await openEvents(client);
  let { state } = await client.call('showMachine', { params: { ref: id } });
  const atRest = () =>
    state.name === 'stopped' || state.name === 'crashed' || state.name === 'saved' || state.name === 'broken';
  const timer = setTimeout(() => feed.close(), endMilliseconds);
  for await (const event of atRest() ? [] : feed) {
    if (event.type === 'machine.state' && event.machineId === id) state = event.state;
    if (atRest()) break;
  }
  clearTimeout(timer);
  return state;
}
