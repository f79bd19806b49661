// SPDX-License-Identifier: Apache-2.0
import type { Run } from '../context.ts';
import { plain } from '../terminal/output.ts';
import { typed } from '../terminal/words.ts';

export const template: Run = async ({ client, output, json }, input) => {
  const ref = input.argument('NAME');
  const off = input.flag('off');
  const change = off ? { path: ['template'] } : { path: ['template'], value: true };
  const machine = await client.call('changeDefinition', { params: { ref }, body: { changes: [change] } });
  if (json) {
    output.json(machine);
    return;
  }
  const { name } = machine;
  output.say(
    off
      ? `${plain(name)} is a machine like any other again. Start it with: phyllome start ${typed(name)}`
      : `${plain(name)} is a template now: it stays as it is. Make a machine from it with: phyllome clone ${typed(name)} NEWNAME`,
  );
};
