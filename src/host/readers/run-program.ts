// SPDX-License-Identifier: Apache-2.0
import { execFile } from 'node:child_process';

/** What a program prints, its complaints included; null when it cannot be executed or does not answer. */
export type RunProgram = (file: string, args: readonly string[]) => Promise<string | null>;

// For a program that answers in 0.1 s on an idle PC (ms).
const patience = 10_000;

export const runProgram: RunProgram = (file, args) =>
  new Promise((resolve) => {
    const options = { timeout: patience, env: { PATH: '/usr/bin:/bin', LC_ALL: 'C' }, maxBuffer: 2 ** 22 };
    execFile(file, [...args], options, (error, stdout, stderr) => {
      // Some say what they know and then leave with an error code; who was killed or never ran said nothing.
      const answered = error === null || typeof error.code === 'number';
      resolve(answered ? `${stdout}\n${stderr}` : null);
    });
  });
