// SPDX-License-Identifier: Apache-2.0
//
// The way to the one program of ours that runs as root (src/privileged/root-main.ts). It is a program of its own, so nothing of
// it is loaded here, and nothing of the command line runs as root.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { text } from 'node:stream/consumers';
import { PhyllomeError, type ErrorReport } from '../contract/errors.ts';
import type { FixResult } from '../contract/fix.ts';
import { shellQuote } from '../contract/shell-quote.ts';

const program = fileURLToPath(new URL('../privileged/root-main.ts', import.meta.url));

/** The whole command, as it can be typed; root needs no sudo. */
export function rootCommand(words: readonly string[], uid = process.getuid?.() ?? 0): string[] {
  return [...(uid === 0 ? [] : ['sudo', '--']), process.execPath, program, ...words];
}

/** A command on one line, to be shown and pasted. */
export const commandLine = (command: readonly string[]): string =>
  command.map((word) => shellQuote(word)).join(' ');

const ignore = (): void => {};

/**
 * Runs it; sudo asks for the password on the terminal itself.
 * @throws PhyllomeError what it reports; `root-needed` when it did not come to run
 */
export async function runAsRoot(words: readonly string[]): Promise<FixResult> {
  const command = rootCommand(words);
  const [file = '', ...parameters] = command;
  // It ends what it has begun, and we tell how that went: Ctrl-C waits until then.
  process.on('SIGINT', ignore);
  try {
    const child = spawn(file, parameters, { stdio: ['inherit', 'pipe', 'inherit'] });
    const failed = new Promise<never>((_, reject) => child.once('error', reject));
    const answer = await Promise.race([text(child.stdout), failed]);
    const reply = JSON.parse(answer) as FixResult | { error: ErrorReport };
    if ('error' in reply) throw PhyllomeError.fromReport(reply.error);
    return reply;
  } catch (error) {
    if (error instanceof PhyllomeError) throw error;
    throw new PhyllomeError('root-needed', { command: commandLine(command) }, { cause: error });
  } finally {
    process.off('SIGINT', ignore);
  }
}
