// SPDX-License-Identifier: Apache-2.0
import { spawn } from 'node:child_process';
import { PhyllomeError, reasonOf } from '../../contract/errors.ts';
import { findBinary } from '../../host/binaries.ts';
import { boundedBy } from '../../host/bound-process.ts';

// A keyring that is locked asks its owner on the screen; nobody may be there (s).
const patience = 60;
const mostOutput = 2 ** 16;

export interface HolderTool {
  holder: 'keyring' | 'tpm';
  tool: string;
  /** What brings the tool */
  install: string;
  env: Readonly<Record<string, string>>;
  cwd?: string;
}

export interface Answer {
  code: number | null;
  output: Buffer;
  complaint: string;
}

/**
 * Runs a program of whoever keeps a key. Secrets go by its standard input and output only.
 * @throws PhyllomeError `key-holder-unavailable` when there is no such program
 */
export async function runHolder(
  { holder, tool, install, env, cwd = '/' }: HolderTool,
  parameters: readonly string[],
  input = '',
): Promise<Answer> {
  const binary = findBinary(tool);
  if (binary === null) throw unavailable(holder, `${tool} is not installed`, `Install ${install}.`);
  const [program, ...words] = boundedBy(patience, [binary, ...parameters]);
  const child = spawn(program, words, { cwd, env: { PATH: '/usr/bin:/bin', LC_ALL: 'C.UTF-8', ...env } });
  const parts: Buffer[] = [];
  let complaint = '';
  child.stdout.on('data', (bytes: Buffer) => void parts.push(bytes));
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaint = (complaint + text).slice(-mostOutput);
  });
  // A program that ends before it has read everything says why by its exit code.
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  const code = await new Promise<number | null>((resolve) => {
    child.once('error', (error) => {
      complaint = reasonOf(error);
      resolve(null);
    });
    child.once('close', resolve);
  });
  return { code, output: Buffer.concat(parts), complaint: complaint.trim() };
}

export function unavailable(holder: string, reason: string, next: string): PhyllomeError {
  return new PhyllomeError('key-holder-unavailable', {
    holder,
    reason,
    next: `${next} The passphrase always works.`,
  });
}
