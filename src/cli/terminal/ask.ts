// SPDX-License-Identifier: Apache-2.0
import { createInterface } from 'node:readline/promises';
import { Interrupted } from '../failure.ts';

/**
 * Asks a question on the terminal. Only a clear yes is one.
 * @throws Interrupted at Ctrl-C
 */
export async function askYesNo(question: string): Promise<boolean> {
  return /^y(es)?$/i.test(await askForText(`${question} [y/N] `));
}

/**
 * Asks for a line of text on the terminal.
 * @returns it without white space at its ends; empty when the input ends
 * @throws Interrupted at Ctrl-C
 */
export async function askForText(question: string): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const interrupted = new Promise<never>((_, reject) => {
      terminal.once('SIGINT', () => reject(new Interrupted('Nothing was changed.')));
    });
    // Ctrl-D closes the input without an answer.
    const closed = new Promise<string>((resolve) => terminal.once('close', () => resolve('')));
    const answer = await Promise.race([terminal.question(question), interrupted, closed]);
    return answer.trim();
  } finally {
    terminal.close();
  }
}
