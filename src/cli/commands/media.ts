// SPDX-License-Identifier: Apache-2.0
import { basename, resolve } from 'node:path';
import type { Context, Run } from '../context.ts';
import type { Input } from '../parse.ts';
import { plain } from '../terminal/output.ts';

export const insert: Run = async (context, input) => {
  const { client, output, json } = context;
  const drive = input.number('drive') ?? 0;
  const file = resolve(input.argument('FILE'));
  const machine = await client.call('insertMedium', {
    params: { ref: input.argument('NAME'), drive: String(drive) },
    body: { file },
  });
  if (json) output.json(machine);
  else output.say(`${plain(basename(file))} is in drive ${drive} of ${plain(machine.name)}.`);
};

export const eject: Run = async (context, input) => {
  const { client, output, json } = context;
  const drive = input.number('drive') ?? 0;
  const before = await mediumIn(context, input, drive);
  const machine = await client.call('ejectMedium', {
    params: { ref: input.argument('NAME'), drive: String(drive) },
  });
  if (json) output.json(machine);
  else if (before === undefined) output.say(`Drive ${drive} of ${plain(machine.name)} was empty already.`);
  else output.say(`${plain(basename(before))} was taken out of drive ${drive} of ${plain(machine.name)}.`);
};

async function mediumIn({ client }: Context, input: Input, drive: number): Promise<string | undefined> {
  const { definition } = await client.call('showMachine', { params: { ref: input.argument('NAME') } });
  return definition?.removable[drive]?.file;
}
