// SPDX-License-Identifier: Apache-2.0
//
// The scripts that complete commands, options and names in a shell, made from the table of commands. Names come
// from "phyllome names KIND"; they may hold spaces and quotes.
import type { Command } from '../command.ts';
import { bashScript } from './bash.ts';
import { fishScript } from './fish.ts';
import { zshScript } from './zsh.ts';

const writers = { bash: bashScript, zsh: zshScript, fish: fishScript };

export type Shell = keyof typeof writers;
export const shells = Object.keys(writers) as Shell[];

export function completionScript(shell: Shell, commands: readonly Command[]): string {
  return writers[shell](commands.filter((command) => command.hidden !== true));
}
