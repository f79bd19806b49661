// SPDX-License-Identifier: Apache-2.0
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import type { DefinitionText, Machine } from '../../contract/api.ts';
import type { Context, Run } from '../context.ts';
import { editFile } from '../terminal/editor.ts';
import { PhyllomeError } from '../../contract/errors.ts';
import { reportOf } from '../failure.ts';
import { plain, type Output } from '../terminal/output.ts';

export const edit: Run = async (context, input) => {
  const { client, output, paths, json } = context;
  const machine = await client.call('showMachine', { params: { ref: input.argument('NAME') } });
  const original = await client.call('readDefinition', { params: { ref: machine.id } });

  // A folder that outlives a reboot, and one file for each of us: two may edit the same machine.
  const folder = paths.edits;
  const file = join(folder, `${machine.id}-${process.pid}.yaml`);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeFile(file, original.yaml, { mode: 0o600 });

  let changed: Machine | null;
  try {
    changed = await editUntilValid(context, machine.id, file, original);
  } catch (error) {
    throw await withKeptText(error, file, original.yaml);
  }
  await rm(file, { force: true });
  if (json) output.json(changed ?? machine);
  else if (changed === null) output.say('Nothing was changed.');
  else
    output.say(
      `${plain(changed.name)} was changed${changed.run === null ? '' : '; it takes effect at the next start'}.`,
    );
};

/** @returns the machine as it is now, or null when the text was left as it was */
async function editUntilValid(
  { client, env, output }: Context,
  ref: string,
  file: string,
  original: DefinitionText,
): Promise<Machine | null> {
  for (;;) {
    await editFile(file, env, output.interactive);
    const yaml = await readFile(file, 'utf8');
    if (yaml === original.yaml) return null;
    try {
      return await client.call('writeDefinition', {
        params: { ref },
        body: { yaml, revision: original.revision },
      });
    } catch (error) {
      if (!output.interactive || !(error instanceof PhyllomeError) || !correctable.has(error.code))
        throw error;
      showProblems(output, error);
      if (!(await wantsToEditAgain())) throw error;
    }
  }
}

// Mistakes in the text. Another kind of failure, or a change by somebody else, does not go away by editing.
const correctable = new Set([
  'definition-invalid',
  'definition-unreadable',
  'definition-too-new',
  'name-invalid',
  'name-taken',
  'bad-request',
]);

function showProblems(output: Output, { message, facts }: PhyllomeError): void {
  const problems = Array.isArray(facts['problems']) ? facts['problems'].map(String) : [message];
  output.warn('This cannot be the definition of a machine:');
  for (const problem of problems) output.warn(`  ${plain(problem)}`);
}

async function wantsToEditAgain(): Promise<boolean> {
  using lines = createInterface({ input: process.stdin, output: process.stderr });
  // Ctrl-C and Ctrl-D mean no.
  const answer = await new Promise<string>((resolve) => {
    lines
      .once('close', () => resolve('no'))
      .once('SIGINT', () => {
        process.stderr.write('\n');
        lines.close();
      });
    void lines.question('Edit it again? [Y/n] ').then(resolve, () => resolve('no'));
  });
  return !/^\s*n/i.test(answer);
}

/** The error, with the place where the person's text is; a text nobody changed is not worth keeping. */
async function withKeptText(thrown: unknown, file: string, original: string): Promise<unknown> {
  const text = await readFile(file, 'utf8').catch(() => original);
  if (text === original) {
    await rm(file, { force: true });
    return thrown;
  }
  const report = reportOf(thrown);
  return PhyllomeError.fromReport({
    ...report,
    hint: `${report.hint} Your text is kept in ${file}`,
    facts: { ...report.facts, kept: file },
  });
}
