// SPDX-License-Identifier: Apache-2.0
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import type { Body } from '../../contract/api.ts';
import type { Context, Run } from '../context.ts';
import { PhyllomeError } from '../../contract/errors.ts';
import { parseSize } from '../../contract/size.ts';
import { readArchitecture } from '../architecture.ts';
import { usageError } from '../failure.ts';
import type { Input } from '../parse.ts';
import { newPassphrase } from '../terminal/ask-secret.ts';
import { plain } from '../terminal/output.ts';
import { readHolder } from './encrypt.ts';
import { followTask } from '../service/follow-task.ts';
import { typed } from '../terminal/words.ts';
import { readUnattended } from '../unattended.ts';

export const create: Run = async (context, input) => {
  const { client, output, json } = context;
  const name = input.argument('NAME');
  const from = input.text('from');
  const medium = readMedium(input);
  const media = input.text('media');
  if (media !== undefined && from === undefined) throw createFault('--media goes with --from.');
  const file = input.text('file');
  if (from === undefined && medium === undefined && file === undefined) {
    throw usageError(
      'Say what the machine is made from: --from ENTRY ("phyllome catalog" lists them), --iso FILE, --disk FILE or --file FILE.',
      'create',
    );
  }
  const definition = withOptions(file === undefined ? undefined : await readDraft(file), input);
  const unattended = await readUnattended(context, input, 'create');
  const body = {
    name,
    ...(from !== undefined && { from, ...readDiskSize(input) }),
    ...(media !== undefined && { media }),
    ...(medium !== undefined && { medium }),
    ...(definition !== undefined && { definition }),
    ...(await readEncryption(context, input)),
    ...(unattended !== undefined && { unattended }),
  };
  const task = await followTask(
    context,
    () => client.call('createMachine', { body }),
    `Stopped. ${name} was not made, and nothing of it is left.`,
  );
  if (json) output.json(task);
  else output.say(task.outcome?.text ?? `Made ${plain(name)}.`);
  if (unattended === undefined) output.note(`Start it with: phyllome start ${typed(name)}`);
  else output.note(`See it with: phyllome open ${typed(name)}`);
};

/** The passphrase is asked for before anything is made. */
async function readEncryption(
  context: Context,
  input: Input,
): Promise<Pick<Body<'createMachine'>, 'encrypt'>> {
  const key = readHolder(input, 'create');
  if (!input.flag('encrypt')) {
    if (key !== undefined || input.text('passphrase-file') !== undefined)
      throw createFault('--key and --passphrase-file go with --encrypt.');
    return {};
  }
  const passphrase = await newPassphrase(context, input, 'create');
  return { encrypt: { passphrase, ...(key !== undefined && { key }) } };
}

type Medium = NonNullable<Body<'createMachine'>['medium']>;

function readMedium(input: Input): Medium | undefined {
  const iso = input.text('iso');
  const disk = input.text('disk');
  const inPlace = input.flag('in-place');
  if (iso !== undefined && disk !== undefined) throw createFault('Give --iso or --disk, not both.');
  if (inPlace && input.flag('copy')) throw createFault('Give --copy or --in-place, not both.');
  if (disk === undefined && (inPlace || input.flag('copy')))
    throw createFault('--copy and --in-place say what is done with the file of --disk.');
  const diskSize = readSize(input, 'disk-size');
  if (diskSize !== undefined && (inPlace || (iso ?? disk ?? input.text('from')) === undefined))
    throw createFault('--disk-size goes with --from, --iso, or with --disk and a copy.');
  const size = diskSize === undefined ? {} : { diskSize };
  if (iso !== undefined) return { file: resolve(iso), use: 'install', ...size };
  if (disk === undefined) return undefined;
  return { file: resolve(disk), use: inPlace ? 'use-disk' : 'copy-disk', ...size };
}

function readDiskSize(input: Input): { diskSize?: number } {
  const diskSize = readSize(input, 'disk-size');
  return diskSize === undefined ? {} : { diskSize };
}

function readSize(input: Input, option: string): number | undefined {
  const text = input.text(option);
  if (text === undefined) return undefined;
  const bytes = parseSize(text);
  if (bytes === null)
    throw usageError(`--${option} must be a size such as 512MiB or 4GiB, not "${text}".`, 'create');
  return bytes;
}

/** Options win over the file. */
function withOptions(draft: Draft | undefined, input: Input): Draft | undefined {
  const memory = readSize(input, 'memory');
  const vcpus = input.number('vcpus');
  const architecture = readArchitecture(input, 'create');
  if (memory === undefined && vcpus === undefined && architecture === undefined) return draft;
  const cpu = draft?.['cpu'];
  const others = typeof cpu === 'object' && cpu !== null ? cpu : {};
  return {
    ...draft,
    ...(memory !== undefined && { memory }),
    ...(vcpus !== undefined && { cpu: { ...others, vcpus } }),
    ...(architecture !== undefined && { architecture }),
  };
}

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

function createFault(reason: string) {
  return usageError(reason, 'create');
}
