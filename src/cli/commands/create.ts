// SPDX-License-Identifier: Apache-2.0
import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import type { Body } from '../../contract/api.ts';
import type { Run } from '../context.ts';
import { PhyllomeError } from '../../contract/errors.ts';
import { usageError } from '../failure.ts';
import { plain } from '../terminal/output.ts';
import { followTask } from '../service/follow-task.ts';
import { typed } from '../terminal/words.ts';

export const create: Run = async (context, input) => {
  const { client, output, json } = context;
  const name = input.argument('NAME');
  const from = input.text('from');
  const file = input.text('file');
  if (from === undefined && file === undefined) {
    throw usageError(
      'Say what the machine is made from: --from ENTRY ("phyllome catalog" lists them) or --file FILE.',
      'create',
    );
  }
  const definition = file === undefined ? undefined : await readDraft(file);
  const body = { name, ...(from !== undefined && { from }), ...(definition !== undefined && { definition }) };
  const task = await followTask(
    context,
    () => client.call('createMachine', { body }),
    `Stopped. ${name} was not made, and nothing of it is left.`,
  );
  if (json) output.json(task);
  else output.say(`Made ${plain(name)}.`);
  output.note(`Start it with: phyllome start ${typed(name)}`);
};

type Draft = NonNullable<Body<'createMachine'>['definition']>;

/** Reads a definition from a file. Whether it makes a machine is for the service to judge; here it must be YAML. */
async function readDraft(file: string): Promise<Draft> {
  const content = await contentOf(file);
  const { parseDocument } = await import('yaml');
  const document = parseDocument(content);
  const [error] = document.errors;
  if (error !== undefined) {
    const [reason = ''] = error.message.split('\n');
    throw new PhyllomeError('definition-unreadable', { reason, line: error.linePos?.[0].line ?? 1 });
  }
  // Aliases are how a few bytes of YAML become gigabytes of value.
  const value: unknown = document.toJS({ maxAliasCount: 100 });
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new PhyllomeError('definition-unreadable', { reason: 'it is not a group of keys', line: 1 });
  }
  return value as Draft;
}

async function contentOf(file: string): Promise<string> {
  try {
    return file === '-' ? await text(process.stdin) : await readFile(file, 'utf8');
  } catch (error) {
    throw new PhyllomeError('file-unreadable', { what: 'file', file, reason: (error as Error).message });
  }
}
