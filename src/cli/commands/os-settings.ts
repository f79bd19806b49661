// SPDX-License-Identifier: Apache-2.0
import type { ChangeOsSettings, OpenPort, OsSettings } from '../../contract/os-settings.ts';
import type { Run } from '../context.ts';
import { usageError } from '../failure.ts';
import { followTask } from '../service/follow-task.ts';
import { canAsk } from '../terminal/ask-secret.ts';
import { askForText } from '../terminal/ask.ts';
import { plain } from '../terminal/output.ts';
import { textTable } from '../terminal/text-table.ts';
import { sizeText } from '../terminal/words.ts';

const keys = {
  name: 'hostName',
  timezone: 'timeZone',
  keyboard: 'keyboard',
  locale: 'locale',
  ssh: 'ssh',
  'power-button': 'powerButton',
  lid: 'lid',
  ports: 'openPorts',
} as const satisfies Record<string, keyof OsSettings>;

export const osSettings: Run = async ({ client, output, json }, input) => {
  const words = input.list('KEY=VALUE');
  if (input.flag('choices')) {
    const choices = await client.call('osChoices');
    if (json) output.json(choices);
    else
      for (const [title, list] of [
        ['timezone', choices.timeZones],
        ['keyboard', choices.keyboards],
        ['locale', choices.locales],
      ] as const)
        output.say(`${title}: ${list.join(' ')}`);
    return;
  }
  const settings =
    words.length === 0
      ? await client.call('osSettings')
      : await client.call('setOsSettings', { body: changeOf(words) });
  if (json) output.json(settings);
  else settingLines(settings).forEach(output.say);
};

function settingLines(settings: OsSettings): string[] {
  const rows = Object.entries(keys).map(([word, key]) => [word, plain(wordOf(settings[key]))]);
  return textTable([{ title: '' }, { title: '' }], rows).slice(1);
}

function wordOf(value: OsSettings[keyof OsSettings]): string {
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  if (typeof value === 'string') return value;
  return value.length === 0 ? 'none' : value.map(({ protocol, port }) => `${port}/${protocol}`).join(',');
}

/** @throws PhyllomeError `usage-error`; what this system does not know is refused by the service */
function changeOf(words: readonly string[]): ChangeOsSettings {
  const change: Record<string, unknown> = {};
  for (const word of words) {
    const at = word.indexOf('=');
    const name = word.slice(0, Math.max(0, at));
    const key = Object.hasOwn(keys, name) ? keys[name as keyof typeof keys] : undefined;
    if (key === undefined)
      throw usageError(
        `"${plain(word)}" is no setting: write KEY=VALUE, with ${Object.keys(keys).join(', ')}.`,
        'os settings',
      );
    change[key] = valueOf(key, word.slice(at + 1));
  }
  return change;
}

function valueOf(key: keyof OsSettings, text: string): unknown {
  if (key === 'ssh') {
    if (text !== 'on' && text !== 'off') throw usageError('ssh is on or off.', 'os settings');
    return text === 'on';
  }
  if (key !== 'openPorts') return text;
  if (text === 'none' || text === '') return [];
  return text.split(',').map((one): OpenPort => {
    const [, port, protocol] = /^(\d{1,5})(?:\/(tcp|udp))?$/.exec(one) ?? [];
    if (port === undefined)
      throw usageError(`"${plain(one)}" is no port: write ports like 8080,5000/udp, or none.`, 'os settings');
    return { port: Number(port), protocol: protocol === 'udp' ? 'udp' : 'tcp' };
  });
}

export const osFactoryReset: Run = async (context, input) => {
  const { client, output, json } = context;
  const plan = await client.call('planReset');
  const typed = input.text('confirm');
  if (json && typed === undefined) {
    output.json(plan);
    return;
  }
  if (plan.refusal !== null) output.say(`This PC cannot be reset: ${plan.refusal}.`);
  output.say(`Everything on ${plan.hostName} is erased for good: settings, passwords, and`);
  for (const { name, bytes, running, deleted } of plan.machines)
    output.say(
      `  ${plain(name)}, ${sizeText(bytes)}${running ? ', which runs now' : deleted ? ', from the bin' : ''}`,
    );
  output.say(`  the library of images, ${sizeText(plan.imageBytes)}`);
  if (plan.encrypted)
    output.say('Its disk is encrypted now; afterwards it is not. An installation can encrypt it again.');
  if (plan.refusal !== null) return;
  const ask = `Type the name of this PC, ${plan.hostName}, to erase all of that: `;
  if (typed === undefined && !canAsk(context)) {
    output.note(`Nothing was erased. To do it: phyllome os factory-reset --confirm ${plan.hostName}`);
    return;
  }
  const hostName = typed ?? (await askForText(ask));
  const task = await followTask(
    context,
    () => client.call('factoryReset', { body: { hostName, stopRunning: input.flag('stop') } }),
    'Too late: this PC restarts.',
  );
  if (json) output.json(task);
  else output.say('This PC restarts now and begins anew.');
};
