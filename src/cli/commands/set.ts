// SPDX-License-Identifier: Apache-2.0
import type { Body, Machine } from '../../contract/api.ts';
import { PhyllomeError } from '../../contract/errors.ts';
import type { Run } from '../context.ts';
import { didYouMean } from '../did-you-mean.ts';
import { usageError } from '../failure.ts';
import { parsePath, readValue } from '../setting.ts';
import { plain } from '../terminal/output.ts';

type Change = Body<'changeDefinition'>['changes'][number];

export const set: Run = async ({ client, output, json }, input) => {
  const ref = input.argument('NAME');
  const { parse } = await import('yaml');
  const changes: Change[] = [
    ...input.list('SETTING').map((setting) => readSetting(setting, parse)),
    ...input.texts('unset').map((path) => ({ path: requirePath(path) })),
  ];
  if (changes.length === 0)
    throw usageError('Say what to change, e.g. memory=4GiB or --unset autostart.', 'set');
  let machine: Machine;
  try {
    machine = await client.call('changeDefinition', { params: { ref }, body: { changes } });
  } catch (error) {
    throw withSuggestions(error);
  }
  if (json) output.json(machine);
  else output.say(`${plain(machine.name)} was changed${pendingText(machine)}.`);
};

/** What of a change waits, for the end of a sentence. */
function pendingText({ pending }: Machine): string {
  if (pending.length === 0) return '';
  return `; ${pending.map(plain).join(', ')} take${pending.length === 1 ? 's' : ''} effect at the next start`;
}

function readSetting(setting: string, parse: (text: string) => unknown): Change {
  const sign = setting.indexOf('=');
  if (sign === -1) throw usageError(`"${setting}" is no setting: it has the form PATH=VALUE.`, 'set');
  const path = requirePath(setting.slice(0, sign));
  try {
    return { path, value: readValue(path, setting.slice(sign + 1), parse) };
  } catch (error) {
    const [reason = ''] = (error as Error).message.split('\n');
    throw usageError(`The value in "${setting}" cannot be read: ${reason}`, 'set');
  }
}

function requirePath(text: string): Change['path'] {
  const path = parsePath(text);
  if (path === null)
    throw usageError(`"${text}" is no path to a setting, such as cpu.vcpus or disks[0].cache.`, 'set');
  return path;
}

/** The same error; where a key is unknown, with the one that was probably meant. */
function withSuggestions(error: unknown): unknown {
  if (!(error instanceof PhyllomeError) || error.code !== 'definition-invalid') return error;
  const problems = error.facts['problems'];
  const near = (Array.isArray(problems) ? problems.map(String) : []).map((problem) => {
    const [, path = '', known = ''] = /^(\S+): found an unknown key; allowed: only (.*)$/.exec(problem) ?? [];
    return path === '' ? '' : didYouMean(path.split('.').at(-1) ?? '', known.split(', '));
  });
  const words = [...new Set(near)].join('');
  if (words === '') return error;
  const report = error.report();
  return PhyllomeError.fromReport({ ...report, message: `${report.message}.${words}` });
}
