// SPDX-License-Identifier: Apache-2.0
import { resolvePaths } from '../contract/paths.ts';
import { commands } from './commands.ts';
import { createOutput } from './terminal/output.ts';
import { runCommand } from './run-command.ts';

// A reader that has seen enough ("phyllome logs tiny | head") is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));

const code = await runCommand({
  words: process.argv.slice(2),
  commands,
  env: process.env,
  output: createOutput(process, process.env),
  paths: resolvePaths(process.env, process.getuid?.() ?? 0),
});
process.exit(code);
