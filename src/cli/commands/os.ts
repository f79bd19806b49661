// SPDX-License-Identifier: Apache-2.0
import type { OsSource, PowerAction } from '../../contract/os.ts';
import { PhyllomeError } from '../../contract/errors.ts';
import type { Run } from '../context.ts';
import { usageError } from '../failure.ts';
import type { Input } from '../parse.ts';
import { followTask } from '../service/follow-task.ts';
import { plain } from '../terminal/output.ts';
import { sizeText } from '../terminal/words.ts';
import { osLines } from './os-text.ts';

export const osStatus: Run = async ({ client, output, json }) => {
  const status = await client.call('osStatus');
  if (json) output.json(status);
  else osLines(status).forEach(output.say);
};

const sourceOf = (input: Input): OsSource => (input.flag('stick') ? 'stick' : 'channel');

export const osCheck: Run = async ({ client, output, json }, input) => {
  const automatic = input.flag('automatic');
  const check = await client.call('osCheck', {
    body: { from: sourceOf(input), ...(automatic && { automatic }) },
  });
  if (json) output.json(check);
  else if (check.error !== null) output.say(plain(check.error.message));
  else if (check.version === null) output.say('There is nothing newer.');
  else
    output.say(
      `Version ${plain(check.version)} can be installed${check.bytes === null ? '' : ` (${sizeText(check.bytes)})`}: phyllome os update${sourceOf(input) === 'stick' ? ' --stick' : ''}`,
    );
};

export const osUpdate: Run = async (context, input) => {
  const { client, output, json } = context;
  const task = await followTask(
    context,
    () => client.call('osUpdate', { body: { from: sourceOf(input) } }),
    'Stopped. The version that runs is as it was.',
  );
  if (json) output.json(task);
  else output.say(plain(task.outcome?.text ?? 'Done.'));
  if (input.flag('restart')) await goDown('restart', context, input);
};

export const osRollback: Run = async ({ client, output, json }) => {
  const status = await client.call('osRollback');
  if (json) output.json(status);
  else
    output.say(
      `The next restart brings version ${plain(status.pending ?? '')}. "phyllome os restart" does it now.`,
    );
};

const goDown = async (action: PowerAction, context: Parameters<Run>[0], input: Input): Promise<void> => {
  const { client, output, json } = context;
  const stop = input.flag('stop');
  const task = await followTask(
    context,
    () => client.call('osPower', { body: { action, ...(stop && { stop }) } }),
    'Stopped. This PC stays up, and machines go on.',
  );
  if (json) output.json(task);
  else output.say(plain(task.outcome?.text ?? 'Done.'));
};

export const osRestart: Run = (context, input) => goDown('restart', context, input);
export const osPowerOff: Run = (context, input) => goDown('power-off', context, input);

export const osChannel: Run = async ({ client, output, json }, input) => {
  const url = input.argument('URL');
  const automatic = input.text('automatic');
  if (automatic !== undefined && !isPolicy(automatic))
    throw usageError('--automatic takes never, check or install', 'os channel');
  const isChange = url !== '' || automatic !== undefined;
  const status = isChange
    ? await client.call('setChannel', {
        body: {
          ...(url !== '' && { url: url === 'default' ? null : url }),
          ...(automatic !== undefined && { automatic }),
        },
      })
    : await client.call('osStatus');
  if (status.image === null) throw new PhyllomeError('os-only');
  if (json) output.json(status.updates);
  else output.say(`${plain(status.updates.channel ?? 'no channel')} (${status.updates.automatic})`);
};

type Policy = 'never' | 'check' | 'install';
const isPolicy = (word: string): word is Policy => ['never', 'check', 'install'].includes(word);
