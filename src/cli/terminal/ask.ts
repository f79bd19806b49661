// SPDX-License-Identifier: Apache-2.0
import { createInterface } from 'node:readline/promises';
import { Interrupted } from '../failure.ts';

/**
 * Asks a question on the terminal. Only a clear yes is one.
 * @throws Interrupted at Ctrl-C
 */
export async function askYesNo(question: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const interrupted = new Promise<never>((_, reject) => {
      terminal.once('SIGINT', () => reject(new Interrupted('Nothing was changed.')));
    });
    // Ctrl-D closes the input without an answer.
    const closed = new Promise<string>((resolve) => terminal.once('close', () => resolve('')));
    const answer = await Promise.race([terminal.question(`${question} [y/N] `), interrupted, closed]);
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    terminal.close();
  }
}
