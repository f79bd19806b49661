// SPDX-License-Identifier: Apache-2.0
import { spawn } from 'node:child_process';
import { PhyllomeError } from '../../contract/errors.ts';
import { usageError } from '../failure.ts';

type Env = Readonly<Record<string, string | undefined>>;

// What is tried when nobody said which editor they like.
const customary = ['sensible-editor', 'nano', 'vim', 'vi'];

/**
 * Lets the person edit a file, in $VISUAL, $EDITOR or what there is. The variable may hold arguments
 * ("code --wait"); it is split at spaces and never given to a shell.
 * @throws PhyllomeError when there is no editor or it ends with an error
 */
export async function editFile(file: string, env: Env, interactive: boolean): Promise<void> {
  const chosen = [env['VISUAL'], env['EDITOR']].find((value) => value !== undefined && value.trim() !== '');
  if (chosen === undefined && !interactive) {
    throw usageError(
      'Without a terminal no editor can be opened; set EDITOR to a program that changes the file.',
      'edit',
    );
  }
  for (const editor of chosen === undefined ? customary : [chosen]) {
    const [program = '', ...words] = editor.trim().split(/\s+/);
    const end = await runProgram(program, [...words, file]);
    if (end === 0) return;
    if (end !== 'missing')
      throw usageError(`The editor ${program} ended with ${end}, so nothing was changed.`, 'edit');
    if (chosen !== undefined)
      throw usageError(`The editor ${program} is not installed; set EDITOR to another one.`, 'edit');
  }
  throw new PhyllomeError('tool-missing', {
    tool: 'A text editor',
    purpose: '"phyllome edit"',
    install: 'sudo apt install nano, or set EDITOR',
  });
}

const ignore = (): void => {};

/** Runs a program on our terminal. @returns its exit code or signal, or that there is no such program */
function runProgram(program: string, words: readonly string[]): Promise<number | NodeJS.Signals | 'missing'> {
  return new Promise((resolve) => {
    const child = spawn(program, words, { stdio: 'inherit' });
    // Ctrl-C belongs to the editor as long as it runs.
    process.on('SIGINT', ignore);
    child.once('error', () => resolve('missing'));
    child.once('close', (code, signal) => {
      process.off('SIGINT', ignore);
      resolve(code ?? signal ?? 1);
    });
  });
}
