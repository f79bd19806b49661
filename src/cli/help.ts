// SPDX-License-Identifier: Apache-2.0
import { commonOptions, type Argument, type Command, type Option } from './command.ts';
import { exitCodes } from './failure.ts';
import { textTable } from './terminal/text-table.ts';
import { wrapLines } from './terminal/wrap.ts';

const longestUsage = 100;

/** What "phyllome help" prints. */
export function overview(commands: readonly Command[]): string {
  const shown = commands.filter((command) => command.hidden !== true);
  const groups = [...new Set(shown.map((command) => command.group))];
  const width = Math.max(...shown.map((command) => command.name.length));
  const lists = groups.map((group) => {
    const members = shown.filter((command) => command.group === group);
    return [group, ...members.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`)].join('\n');
  });
  return [
    'Phyllome: a home for virtual machines on this PC.',
    'Usage: phyllome COMMAND [OPTION...]',
    ...lists,
    '"phyllome COMMAND --help" explains a command. All take --json. The service starts by itself.',
  ].join('\n\n');
}

/** What "phyllome snapshot --help" prints: the commands that begin with that word. */
export function groupHelp(word: string, group: readonly Command[]): string {
  const rows = group.map(({ name, summary }) => [`phyllome ${name}`, summary]);
  return [section(`Commands of "${word}"`, rows), '--help explains each of them.'].join('\n\n');
}

/** What "phyllome COMMAND --help" prints. */
export function commandHelp(command: Command): string {
  const options = Object.entries<Option>({ ...command.options, ...commonOptions });
  const rows = options.map(([name, option]) => [optionText(name, option), option.summary]);
  const named = (command.arguments ?? []).map((argument) => [argument.name, argument.summary]);
  return [
    usageLine(command),
    wrap(`${command.summary}.`),
    ...(command.details ?? []).map(wrap),
    ...(named.length === 0 ? [] : [section('Arguments', named)]),
    section('Options', rows),
    section('Examples', command.examples),
    section(
      'Exit codes',
      Object.entries(exitCodes).map(([code, meaning]) => [code, meaning]),
    ),
  ].join('\n\n');
}

/** Where the options do not fit on the line they are only listed below. */
function usageLine(command: Command): string {
  const options = Object.entries(command.options ?? {}).map(
    ([name, { value, many }]) =>
      `[--${name}${value === undefined ? '' : ` ${value}`}]${many === true ? '...' : ''}`,
  );
  const words = ['Usage: phyllome', command.name, ...(command.arguments ?? []).map(argumentWord)];
  const whole = [...words, ...options].join(' ');
  return whole.length > longestUsage ? [...words, '[OPTION...]'].join(' ') : whole;
}

function argumentWord({ name, optional, many }: Argument): string {
  const word = many === true ? `${name}...` : name;
  return optional === true ? `[${word}]` : word;
}

function optionText(name: string, { short, value }: Option): string {
  const letter = short === undefined ? '    ' : `-${short}, `;
  return `${letter}--${name}${value === undefined ? '' : ` ${value}`}`;
}

function section(title: string, rows: readonly (readonly string[])[]): string {
  const [, ...lines] = textTable([{ title: '' }, { title: '' }], rows);
  return [title, ...lines.map((line) => `  ${line}`)].join('\n');
}

const wrap = (text: string): string => wrapLines(text).join('\n');
