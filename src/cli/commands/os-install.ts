// SPDX-License-Identifier: Apache-2.0
import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { parse } from 'yaml';
import { PhyllomeError, reasonOf } from '../../contract/errors.ts';
import type { InstallAnswers } from '../../contract/os-install.ts';
import type { Task } from '../../contract/task.ts';
import type { Context, Run } from '../context.ts';
import { Interrupted, usageError } from '../failure.ts';
import { followTask } from '../service/follow-task.ts';
import { canAsk } from '../terminal/ask-secret.ts';
import { askForText } from '../terminal/ask.ts';
import { plain } from '../terminal/output.ts';
import { askAnswers } from './os-install-questions.ts';

const command = 'os install';

export const osInstall: Run = async (context, input) => {
  const { client, output, json } = context;
  const file = input.text('answers');
  const unattended = input.flag('unattended');
  if (file !== undefined && unattended)
    throw usageError('--answers or --unattended, not both: the second takes those of a stick.', command);
  const begin = unattended ? () => client.call('osInstallUnattended') : await withAnswers(context, file);
  const task = await followTask(
    context,
    begin,
    'Stopped. If the disk was being written, it is empty now; nothing else was touched.',
  );
  const { recoveryKey } = await client.call('osRecoveryKey');
  if (json) output.json({ task, recoveryKey });
  else doneLines(task, recoveryKey).forEach(output.say);
  // Whoever reads what we print has it; on a terminal somebody says so first.
  if (recoveryKey === null) return;
  if (!json && canAsk(context)) await untilWritten();
  await client.call('osForgetRecoveryKey');
};

async function withAnswers(context: Context, file: string | undefined): Promise<() => Promise<Task>> {
  if (file === undefined && (!canAsk(context) || context.json))
    throw usageError(
      'Without a terminal, give the answers: --answers FILE ("-" reads standard input).',
      command,
    );
  const body = file === undefined ? await askAnswers(context) : await readAnswers(file);
  return () => context.client.call('osInstall', { body });
}

/** @throws PhyllomeError `file-unreadable`, `bad-request`; nothing of the file is in it */
async function readAnswers(file: string): Promise<InstallAnswers> {
  let content: string;
  try {
    content = file === '-' ? await text(process.stdin) : await readFile(file, 'utf8');
  } catch (error) {
    throw new PhyllomeError('file-unreadable', { what: 'answers', file, reason: reasonOf(error) });
  }
  try {
    return parse(content) as InstallAnswers;
  } catch {
    // The words of the parser quote the text, and that may be a password.
    throw new PhyllomeError('bad-request', { reason: `${file} is no YAML` });
  }
}

function doneLines(task: Task, recoveryKey: string | null): string[] {
  const { disk, next } = task.outcome?.facts ?? {};
  const key =
    recoveryKey === null
      ? []
      : [
          '',
          'Recovery key. Write it down now: it is never shown again, and opens what is encrypted when nothing else does.',
          '',
          `    ${recoveryKey}`,
          '',
        ];
  const then =
    next === 'restart'
      ? 'This PC restarts now. Pull out the medium.'
      : next === 'power-off'
        ? 'This PC switches itself off now. Pull out the medium.'
        : 'Pull out the medium and restart: phyllome os restart';
  return [`Phyllome OS is installed on ${plain(String(disk))}.`, ...key, then];
}

async function untilWritten(): Promise<void> {
  for (;;) {
    const said = await askForText('Type "written" when you have it on paper: ');
    if (said.toLowerCase() === 'written') return;
    if (said === '') throw new Interrupted('The key stays with the service until this PC restarts.');
  }
}
