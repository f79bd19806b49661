// SPDX-License-Identifier: Apache-2.0
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { PhyllomeError } from '../../contract/errors.ts';
import { trustedPath } from '../run-tool.ts';

// What is kept of the words of a tool; a runaway one must not fill our memory (characters).
const mostOutput = 2 ** 20;
const mostComplaint = 600;

export interface OsToolOptions {
  /** Aborting ends the tool */
  signal?: AbortSignal | undefined;
  /** What it reads; nothing when left out. Secrets go this way, never as an argument */
  input?: string | Uint8Array;
  /** Hears each line of its output as it comes */
  onLine?: (line: string) => void;
  env?: Readonly<Record<string, string>>;
  /** Exit codes that are no failure; 0 always is none */
  allowed?: readonly number[];
}

/**
 * Runs a program of the system without a shell, in an environment of our own.
 * @param argv its absolute path below `root`, and its arguments
 * @returns what it printed
 * @throws PhyllomeError `os-tool-failed`
 */
export function osTool(root: string, argv: readonly string[], options: OsToolOptions = {}): Promise<string> {
  const { signal, input, onLine, env = {}, allowed = [] } = options;
  const [program = '', ...parameters] = argv;
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const child = spawn(join(root, program), parameters, {
    cwd: '/',
    env: { PATH: trustedPath, LC_ALL: 'C.UTF-8', ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
    signal,
  });
  let output = '';
  let complaint = '';
  const listen = (keep: (line: string) => void, stream: NodeJS.ReadableStream): void => {
    createInterface({ input: stream }).on('line', (line) => {
      keep(line);
      onLine?.(line);
    });
  };
  listen((line) => (output = `${output}${line}\n`.slice(-mostOutput)), child.stdout);
  listen((line) => (complaint = `${complaint}${line}\n`.slice(-mostComplaint)), child.stderr);
  // A tool that ends without reading tells so by how it ends.
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  const fail = (reason: string, cause?: unknown): void =>
    reject(new PhyllomeError('os-tool-failed', { tool: program, reason }, { cause }));
  child.once('error', (error) => fail(error.message, error));
  child.once('close', (code, killedBy) => {
    if (code === 0 || (code !== null && allowed.includes(code))) resolve(output);
    else
      fail(
        `${complaint.trim() || output.trim().slice(-mostComplaint)} (${killedBy ?? `code ${code}`})`.trim(),
      );
  });
  return promise;
}
