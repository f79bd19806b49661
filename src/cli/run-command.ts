// SPDX-License-Identifier: Apache-2.0
import type { Paths } from '../contract/paths.ts';
import { createClient } from './service/client.ts';
import type { Command } from './command.ts';
import { CommandEnded, Ended, exitCodeOf, Interrupted, reportOf } from './failure.ts';
import { plain, type Output } from './terminal/output.ts';
import { findCommand, groupOf, parseInput, splitCommand } from './parse.ts';

export interface Invocation {
  words: readonly string[];
  commands: readonly Command[];
  env: Readonly<Record<string, string | undefined>>;
  output: Output;
  paths: Paths;
}

/** Runs what was typed and shows its error. @returns the exit code of the program */
export async function runCommand(invocation: Invocation): Promise<number> {
  const { output, words } = invocation;
  try {
    await perform(invocation);
    return 0;
  } catch (thrown) {
    if (!(thrown instanceof Ended || thrown instanceof CommandEnded))
      showError(output, thrown, words.includes('--json'));
    return exitCodeOf(thrown);
  }
}

async function perform({ words, commands, env, output, paths }: Invocation): Promise<void> {
  const { name = 'help', rest } = splitCommand(words, commands);
  const group = commands.some((command) => command.name === name) ? [] : groupOf(commands, name);
  if (group.length > 0 && rest.every((word) => word === '--help' || word === '-h') && rest.length > 0) {
    const { groupHelp } = await import('./help.ts');
    output.say(groupHelp(name, group));
    return;
  }
  const command = findCommand(commands, name);
  const { input, flags } = parseInput(command, rest);
  if (flags.has('help')) {
    const { commandHelp, overview } = await import('./help.ts');
    output.say(words.length > rest.length ? commandHelp(command) : overview(commands));
    return;
  }
  const run = await command.load();
  const { needsService } = command;
  if (typeof needsService === 'function' ? needsService(flags) : needsService) {
    const { ensureService } = await import('./service/start.ts');
    await ensureService(paths, env);
  }
  const client = createClient(paths);
  try {
    await run({ client, output, paths, env, json: flags.has('json') }, input);
  } finally {
    client.close();
  }
}

function showError(output: Output, thrown: unknown, json: boolean): void {
  if (thrown instanceof Interrupted && !json) {
    output.warn(plain(thrown.message));
    return;
  }
  const report = reportOf(thrown);
  if (json) {
    output.warn(JSON.stringify({ error: report }));
    return;
  }
  // Lines of a reason (the end of a log, say) stay lines, but cannot pass for a message of ours.
  const [first = '', ...more] = report.message.split('\n').map(plain);
  output.warn(`phyllome: ${first}`);
  for (const line of more) output.warn(`  | ${line}`);
  if (report.hint !== '') output.warn(report.hint.split('\n').map(plain).join(' '));
}
