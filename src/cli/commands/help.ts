// SPDX-License-Identifier: Apache-2.0
import { commands } from '../commands.ts';
import type { Run } from '../context.ts';
import { commandHelp, overview } from '../help.ts';
import { findCommand } from '../parse.ts';

export const help: Run = async ({ output }, input) => {
  const wanted = input.list('COMMAND').join(' ');
  output.say(wanted === '' ? overview(commands) : commandHelp(findCommand(commands, wanted)));
};
