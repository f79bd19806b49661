// SPDX-License-Identifier: Apache-2.0
//
// sudo node root-main.ts apply FIX --digest DIGEST --user NAME. "phyllome doctor --fix" prints the whole line.
// Answers with one line of JSON: a FixResult, or {"error": ...}.
import { PhyllomeError } from '../contract/errors.ts';
import { rootProgram } from './root-program.ts';
import { trustedPath } from './run-tool.ts';

// Half a step helps nobody: what was begun ends, or is rolled back.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
process.stdout.on('error', () => {});
process.env['PATH'] = trustedPath;
process.umask(0o022);

try {
  const words = process.argv.slice(2);
  if (process.geteuid?.() !== 0) {
    const command = ['sudo', process.execPath, ...process.argv.slice(1)].join(' ');
    throw new PhyllomeError('root-needed', { command });
  }
  const result = await rootProgram({ words, root: '/', caller: process.env['SUDO_USER'] });
  process.stdout.write(`${JSON.stringify(result)}\n`);
} catch (error) {
  const failure = PhyllomeError.from(error);
  process.stdout.write(`${JSON.stringify({ error: failure.report() })}\n`);
  process.exitCode = failure.code === 'usage-error' ? 2 : 1;
}
