// SPDX-License-Identifier: Apache-2.0
import { spawn } from 'node:child_process';
import { join } from 'node:path';

/** Programs of the distribution are looked for nowhere else, neither by us nor by those that we run. */
export const trustedPath = '/usr/sbin:/usr/bin:/sbin:/bin';

/** How long a program may take (ms): update-grub looks at all disks for other systems. */
export const toolPatience = 10 * 60_000;

// What is kept of its words; the cause is at the end.
const mostOutput = 4000;

export interface ToolEnd {
  /** Exit code; null when a signal ended it or it could not be started */
  code: number | null;
  /** The last of what it said */
  output: string;
}

/** Runs a program without a shell, in an environment of our own. Never throws for what the program does. */
export function runTool(root: string, argv: readonly string[], lockFd: number): Promise<ToolEnd> {
  const [program = '', ...parameters] = argv;
  return new Promise((resolve) => {
    let output = '';
    const listen = (chunk: Buffer): void => {
      output = (output + chunk.toString('utf8')).slice(-mostOutput);
    };
    const child = spawn(join(root, program), parameters, {
      cwd: '/',
      env: { PATH: trustedPath, LC_ALL: 'C.UTF-8' },
      // A session of its own: Ctrl-C does not reach it half way.
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe', lockFd],
      timeout: toolPatience,
    });
    child.stdout?.on('data', listen);
    child.stderr?.on('data', listen);
    child.once('error', (error) => resolve({ code: null, output: error.message }));
    child.once('close', (code, signal) => {
      resolve({ code, output: signal === null ? output.trim() : `${output.trim()} (ended by ${signal})` });
    });
  });
}
