// SPDX-License-Identifier: Apache-2.0
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { PhyllomeError, reasonOf } from '../../contract/errors.ts';
import type { Context } from '../context.ts';
import { Interrupted, usageError } from '../failure.ts';
import type { Input } from '../parse.ts';

/** The passphrase that --passphrase-file names; undefined when it was not given. One line break at its end is no part of it. */
export async function passphraseFromFile(
  input: Input,
  option = 'passphrase-file',
): Promise<string | undefined> {
  const file = input.text(option);
  if (file === undefined) return undefined;
  try {
    const content = file === '-' ? await text(process.stdin) : await readFile(file, 'utf8');
    return content.replace(/\r?\n$/, '');
  } catch (error) {
    throw new PhyllomeError('file-unreadable', { what: 'passphrase', file, reason: reasonOf(error) });
  }
}

/** Whether somebody is there to be asked. */
export function canAsk({ output }: Pick<Context, 'output'>): boolean {
  return process.stdin.isTTY && output.progressWidth !== null;
}

/** Asks on the terminal, where nothing of the answer is shown. @throws Interrupted at Ctrl-C and Ctrl-D */
export async function askSecret(question: string): Promise<string> {
  process.stderr.write(`${question}: `);
  const nowhere = new Writable({ write: (_bytes, _encoding, done) => done() });
  const terminal = createInterface({ input: process.stdin, output: nowhere, terminal: true, historySize: 0 });
  try {
    const gone = new Promise<never>((_, reject) => {
      const stop = (): void => reject(new Interrupted('Nothing was changed.'));
      terminal.once('SIGINT', stop).once('close', stop);
    });
    return await Promise.race([terminal.question(''), gone]);
  } finally {
    terminal.close();
    process.stderr.write('\n');
  }
}

/** A new passphrase: from a file, or asked twice. @throws PhyllomeError `usage-error` when nobody can be asked */
export async function newPassphrase(
  context: Context,
  input: Input,
  command: string,
  option = 'passphrase-file',
): Promise<string> {
  const given = await passphraseFromFile(input, option);
  if (given !== undefined) return given;
  if (!canAsk(context))
    throw usageError(
      `Give --${option} FILE ("-" reads standard input): there is no terminal to ask on.`,
      command,
    );
  for (;;) {
    const first = await askSecret('New passphrase (it is not shown)');
    if ((await askSecret('The same once more')) === first) return first;
    context.output.warn('The two are not the same. Once more, please.');
  }
}
