// SPDX-License-Identifier: Apache-2.0
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { PhyllomeError } from '../../contract/errors.ts';
import type { Run } from '../context.ts';
import { CommandEnded } from '../failure.ts';

const values = ['edition', 'distribution', 'version', 'output', 'keys', 'cache', 'mirror'] as const;
const flags = ['no-hardware', 'publish', 'iso', 'summary'] as const;

/** Building the image is a program of its own beside the manager, which lies only where its sources are. */
export const osBuild: Run = async (_, input) => {
  const program = join(import.meta.dirname, '../../../os/build/main.ts');
  if (!existsSync(program))
    throw new PhyllomeError('usage-error', {
      reason: 'An image is built where the sources of Phyllome are; here is only the manager.',
      command: 'os build ',
    });
  const words = [
    ...values.flatMap((name) => {
      const value = input.text(name);
      return value === undefined ? [] : [`--${name}=${value}`];
    }),
    ...flags.filter((name) => input.flag(name)).map((name) => `--${name}`),
  ];
  const child = spawn(process.execPath, [program, ...words], { stdio: 'inherit' });
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  child.once('error', reject);
  child.once('close', (code) => resolve(code ?? 1));
  const code = await promise;
  if (code !== 0) throw new CommandEnded(code);
};
