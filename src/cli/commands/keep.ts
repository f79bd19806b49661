// SPDX-License-Identifier: Apache-2.0
import type { Run } from '../context.ts';
import { plain } from '../terminal/output.ts';
import { sizeText, typed } from '../terminal/words.ts';

export const rename: Run = async ({ client, output, json }, input) => {
  const ref = input.argument('NAME');
  const machine = await client.call('renameMachine', {
    params: { ref },
    body: { name: input.argument('NEWNAME') },
  });
  if (json) output.json(machine);
  else output.say(`${plain(ref)} is now ${plain(machine.name)}.`);
};

export const deleteMachine: Run = async ({ client, output, json }, input) => {
  const entry = await client.call('deleteMachine', { params: { ref: input.argument('NAME') } });
  if (json) {
    output.json(entry);
    return;
  }
  output.say(
    `${plain(entry.name)} is in the bin with all its disks (${sizeText(entry.bytes)}); nothing was erased.`,
  );
  output.say(`Bring it back with: phyllome restore ${typed(entry.name)}`);
  output.note(`To free the space for good: phyllome erase ${typed(entry.name)}`);
};

export const restore: Run = async ({ client, output, json }, input) => {
  const machine = await client.call('restoreMachine', { params: { ref: input.argument('NAME') } });
  if (json) output.json(machine);
  else output.say(`${plain(machine.name)} is back. Start it with: phyllome start ${typed(machine.name)}`);
};
