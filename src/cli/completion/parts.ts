// SPDX-License-Identifier: Apache-2.0
import { commonOptions, type Command, type Option } from '../command.ts';

export const optionsOf = (command: Command): [string, Option][] =>
  Object.entries<Option>({ ...command.options, ...commonOptions });

/** The ways to write an option: -o, --output */
export const spellings = (name: string, { short }: Option): string[] =>
  short === undefined ? [`--${name}`] : [`-${short}`, `--${name}`];

/** A text as one word of a shell script */
export const quote = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;

/** The first words of commands that have two: "snapshot" of "snapshot take" */
export const groupWords = (commands: readonly Command[]): string[] => [
  ...new Set(commands.flatMap(({ name }) => (name.includes(' ') ? [name.split(' ')[0] as string] : []))),
];

/** The second words that can follow such a word */
export const secondWords = (commands: readonly Command[], word: string): string[] =>
  commands.flatMap(({ name }) => (name.startsWith(`${word} `) ? [name.slice(word.length + 1)] : []));

/** What can stand first on a command line */
export const firstWords = (commands: readonly Command[]): string[] => [
  ...new Set(commands.map(({ name }) => name.split(' ')[0] as string)),
];
