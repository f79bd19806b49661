// SPDX-License-Identifier: Apache-2.0
import type { Run } from '../context.ts';
import { plain } from '../terminal/output.ts';
import { sizeText, timeText, typed } from '../terminal/words.ts';
import { deletionLines, freesText } from './bin-text.ts';

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
  const params = { ref: input.argument('NAME') };
  if (input.flag('dry-run')) {
    const plan = await client.call('planDelete', { params });
    if (json) output.json(plan);
    else {
      output.say(
        `${plain(plan.name)} would go to the bin with ${sizeText(plan.bytes)}. Nothing was changed.`,
      );
      [...deletionLines(plan), freesText(plan)].forEach((line) => output.say(line));
    }
    return;
  }
  const entry = await client.call('deleteMachine', { params });
  if (json) {
    output.json(entry);
    return;
  }
  output.say(
    `${plain(entry.name)} is in the bin with all its disks (${sizeText(entry.bytes)}); nothing was erased.`,
  );
  [...deletionLines(entry), freesText(entry)].forEach((line) => output.say(line));
  if (entry.eraseAt !== null) output.say(`It will be erased by itself on ${timeText(entry.eraseAt)}.`);
  output.say(`Bring it back with: phyllome restore ${typed(entry.name)}`);
  output.note(`To free the space for good: phyllome erase ${typed(entry.name)}`);
};

export const restore: Run = async ({ client, output, json }, input) => {
  const machine = await client.call('restoreMachine', { params: { ref: input.argument('NAME') } });
  if (json) output.json(machine);
  else output.say(`${plain(machine.name)} is back. Start it with: phyllome start ${typed(machine.name)}`);
};
