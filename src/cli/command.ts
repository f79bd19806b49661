// SPDX-License-Identifier: Apache-2.0
import type { Run } from './context.ts';

/** What the shell can complete an argument or an option's value with. */
export type Completion =
  | 'machine'
  | 'bin'
  | 'catalog'
  | 'machine-or-catalog'
  | 'image'
  | 'file'
  | readonly string[];

export interface Argument {
  name: string;
  summary: string;
  optional?: boolean;
  /** It may be given several times; only the last one can */
  many?: boolean;
  complete?: Completion;
}

export interface Option {
  summary: string;
  short?: string;
  /** Name of the value in help; without one the option is a flag */
  value?: string;
  /** It may be given several times, each time with a value */
  many?: boolean;
  /** The value is a whole number within these bounds */
  range?: readonly [number, number];
  complete?: Completion;
}

type Group = 'Start here' | 'Machines' | 'Media and disks' | 'Look and talk' | 'The service' | 'This program';

/** All that parsing, help, completion and running know of a command. */
export interface Command {
  name: string;
  group: Group;
  summary: string;
  /** Paragraphs for its --help */
  details?: readonly string[];
  arguments?: readonly Argument[];
  options?: Readonly<Record<string, Option>>;
  /** A command line and what it does */
  examples: readonly (readonly [line: string, effect: string])[];
  /** Whether it starts the service; a function decides by the options given */
  needsService: boolean | ((flags: ReadonlySet<string>) => boolean);
  /** Left out of help and completion */
  hidden?: boolean;
  load: () => Promise<Run>;
}

/** Options that every command has. */
export const commonOptions = {
  json: { summary: 'Print the answer as JSON, and errors as {"error": ...}' },
  help: { summary: 'Explain this command', short: 'h' },
} as const satisfies Record<string, Option>;
