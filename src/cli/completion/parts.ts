// SPDX-License-Identifier: Apache-2.0
import { commonOptions, type Command, type Option } from '../command.ts';

export const optionsOf = (command: Command): [string, Option][] =>
  Object.entries<Option>({ ...command.options, ...commonOptions });

/** The ways to write an option: -o, --output */
export const spellings = (name: string, { short }: Option): string[] =>
  short === undefined ? [`--${name}`] : [`-${short}`, `--${name}`];

/** A text as one word of a shell script */
export const quote = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;
