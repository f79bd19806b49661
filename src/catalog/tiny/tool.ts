// SPDX-License-Identifier: Apache-2.0
import { spawn } from 'node:child_process';
import { PhyllomeError } from '../../contract/errors.ts';

// No tool we call prints more; a runaway one must not fill our memory (bytes).
const outputLimit = 16 * 2 ** 20;

/** A tool ran and said no. `stderr` is what it said. */
export class ToolFailed extends Error {
  readonly stderr: string;

  constructor(tool: string, how: string, stderr: string) {
    super(`${tool} ended with ${how}: ${complaint(stderr)}`);
    this.stderr = stderr;
  }
}

export interface ToolOptions {
  /** For the error when the tool does not exist: what it is needed for, and how to get it */
  purpose: string;
  install: string;
  cwd?: string;
  signal: AbortSignal | undefined;
  /** Hears every line the tool writes to its file descriptor 3 */
  onStatus?: (line: string) => void;
}

/** Runs a tool to its end and returns what it printed. No shell; abort kills it and waits until it is gone. */
export function runTool(tool: string, args: readonly string[], options: ToolOptions): Promise<string> {
  const { purpose, install, cwd, signal, onStatus } = options;
  return new Promise((resolve, reject) => {
    const child = spawn(tool, args, {
      cwd,
      signal,
      // Messages in English, because we read some of them.
      env: { ...process.env, LC_ALL: 'C', DEBIAN_FRONTEND: 'noninteractive' },
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    });
    let spawnError: NodeJS.ErrnoException | undefined;
    let stdout = '';
    let stderr = '';
    let status = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
      if (stdout.length > outputLimit) child.kill('SIGKILL');
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      stderr = (stderr + text).slice(-outputLimit);
    });
    child.stdio[3]?.on('data', (text: Buffer) => {
      const lines = (status + text.toString('utf8')).split('\n');
      status = lines.pop() ?? '';
      for (const line of lines) onStatus?.(line);
    });
    child.on('error', (error) => {
      spawnError = error;
      // A program that was never started has no end to wait for.
      if (child.pid === undefined) finish(null, null);
    });
    child.on('close', finish);

    function finish(code: number | null, killedBy: string | null): void {
      if (signal?.aborted === true) reject(signal.reason as Error);
      else if (spawnError?.code === 'ENOENT')
        reject(new PhyllomeError('tool-missing', { tool, purpose, install }));
      else if (spawnError !== undefined) reject(spawnError);
      else if (code === 0) resolve(stdout);
      else reject(new ToolFailed(tool, killedBy ?? `code ${String(code)}`, stderr));
    }
  });
}

// What a tool complained of, without the warnings in front of it and apt's summary behind it.
function complaint(text: string): string {
  const lines = text
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.includes('Some index files failed'));
  const errors = lines.filter((line) => line.startsWith('E:'));
  const chosen = errors.length > 0 ? errors.slice(0, 1) : lines.slice(-2);
  return chosen
    .join(' ')
    .replace(/^E:\s*/, '')
    .replace(/\s+/g, ' ')
    .slice(0, 400);
}
