// SPDX-License-Identifier: Apache-2.0
import { commands } from '../commands.ts';
import { completionScript, shells } from '../completion/script.ts';
import type { Run } from '../context.ts';
import { usageError } from '../failure.ts';

export const completion: Run = async ({ output }, input) => {
  const wanted = input.argument('SHELL');
  const shell = shells.find((known) => known === wanted);
  if (shell === undefined)
    throw usageError(`There is no completion for "${wanted}", only for ${shells.join(', ')}.`, 'completion');
  output.raw('stdout', completionScript(shell, commands));
};
