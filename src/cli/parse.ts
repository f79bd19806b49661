// SPDX-License-Identifier: Apache-2.0
import { parseArgs, type ParseArgsOptionsConfig } from 'node:util';
import { commonOptions, type Command } from './command.ts';
import { didYouMean } from './did-you-mean.ts';
import { usageError } from './failure.ts';

/** What was typed for a command, checked against its table entry. Asking for a name not in the table is a defect. */
export interface Input {
  /** The argument of this name. Empty only when it is optional. */
  argument(name: string): string;
  /** All that was given for the argument of this name, when it may be several */
  list(name: string): string[];
  flag(name: string): boolean;
  text(name: string): string | undefined;
  /** All values of an option that may be given several times */
  texts(name: string): string[];
  number(name: string): number | undefined;
}

export interface CommandLine {
  command: Command;
  input: Input;
  flags: ReadonlySet<string>;
}

/**
 * The one or two words that name the command ("start", "snapshot take"), and the rest. Options that all commands have may
 * stand before it.
 */
export function splitCommand(
  words: readonly string[],
  commands: readonly Command[],
): { name: string | undefined; rest: string[] } {
  if (words[0] === '--version') return { name: 'version', rest: words.slice(1) };
  const at = words.findIndex((word) => !word.startsWith('-'));
  if (at === -1) return { name: undefined, rest: [...words] };
  const pair = words.slice(at, at + 2).join(' ');
  const length = commands.some(({ name }) => name === pair) ? pair.split(' ').length : 1;
  const rest = [...words.slice(0, at), ...words.slice(at + length)];
  return { name: words.slice(at, at + length).join(' '), rest };
}

/** The commands whose names begin with this word and have another one. */
export function groupOf(commands: readonly Command[], word: string): Command[] {
  return commands.filter(({ name }) => name.startsWith(`${word} `));
}

/** @throws PhyllomeError `usage-error`, naming what is near to an unknown word */
export function findCommand(commands: readonly Command[], name: string): Command {
  const command = commands.find((candidate) => candidate.name === name);
  if (command !== undefined) return command;
  const group = groupOf(commands, name);
  if (group.length > 0) {
    const names = group.map((member) => `"${member.name}"`);
    throw usageError(`"${name}" alone is no command: there are ${names.join(', ')}.`, name);
  }
  const names = commands.filter((candidate) => candidate.hidden !== true).map((candidate) => candidate.name);
  throw usageError(`There is no command "${name}".${didYouMean(name, names)}`);
}

/** @throws PhyllomeError `usage-error` */
export function parseInput(command: Command, words: readonly string[]): CommandLine {
  const known = { ...command.options, ...commonOptions };
  const fail = (reason: string) => usageError(reason, command.name);
  const config: ParseArgsOptionsConfig = {};
  for (const [name, option] of Object.entries(known)) {
    const type = 'value' in option ? 'string' : 'boolean';
    const multiple = 'many' in option && option.many === true;
    config[name] = { type, multiple, ...('short' in option && { short: option.short }) };
  }

  const { values, positionals, tokens } = parseArgs({
    args: [...words],
    options: config,
    allowPositionals: true,
    strict: false,
    tokens: true,
  });
  for (const token of tokens) {
    if (token.kind !== 'option') continue;
    const option = config[token.name];
    if (option === undefined) {
      const near = didYouMean(
        token.rawName,
        Object.keys(known).map((name) => `--${name}`),
      );
      throw fail(`"${command.name}" has no option ${token.rawName}.${near}`);
    }
    if (option.type === 'boolean' && token.value !== undefined)
      throw fail(`${token.rawName} takes no value.`);
    // "--lines --follow" would make the second word a value.
    const missing = token.value === undefined || (!token.inlineValue && /^-./.test(token.value));
    if (option.type === 'string' && missing) throw fail(`${token.rawName} needs a value.`);
  }

  const expected = command.arguments ?? [];
  const lacking = expected.slice(positionals.length).find((argument) => argument.optional !== true);
  const asksHelp = values['help'] === true;
  if (lacking !== undefined && !asksHelp)
    throw fail(`${lacking.name} is missing: ${lowerFirst(lacking.summary)}.`);
  const surplus = expected.at(-1)?.many === true ? undefined : positionals[expected.length];
  if (surplus !== undefined) {
    const spaces = expected.length > 0 ? ' A name with spaces needs quotes.' : '';
    throw fail(`"${surplus}" is one word too many.${spaces}`);
  }

  const numbers = new Map<string, number>();
  for (const [name, option] of Object.entries(command.options ?? {})) {
    const value = values[name];
    if (option.range === undefined || typeof value !== 'string') continue;
    const [least, most] = option.range;
    const number = /^\d{1,9}$/.test(value) ? Number(value) : NaN;
    if (!(number >= least && number <= most))
      throw fail(`--${name} must be a whole number from ${least} to ${most}, not "${value}".`);
    numbers.set(name, number);
  }

  const value = (name: string) => {
    if (!(name in known)) throw new Error(`"${command.name}" declares no option "${name}"`);
    return values[name];
  };
  const indexOf = (name: string): number => {
    const index = expected.findIndex((argument) => argument.name === name);
    if (index === -1) throw new Error(`"${command.name}" declares no argument "${name}"`);
    return index;
  };
  const flags = new Set(Object.keys(values).filter((name) => values[name] === true));
  return {
    command,
    flags,
    input: {
      argument: (name) => positionals[indexOf(name)] ?? '',
      list: (name) => positionals.slice(indexOf(name)),
      flag: (name) => value(name) === true,
      text(name) {
        const text = value(name);
        return typeof text === 'string' ? text : undefined;
      },
      texts(name) {
        const texts = value(name);
        return Array.isArray(texts) ? texts.filter((text) => typeof text === 'string') : [];
      },
      number: (name) => (value(name) === undefined ? undefined : numbers.get(name)),
    },
  };
}

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);
