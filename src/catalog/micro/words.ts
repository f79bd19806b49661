// SPDX-License-Identifier: Apache-2.0
import { PhyllomeError } from '../../contract/errors.ts';
import type { RootDisk } from './cache.ts';

export interface Wishes {
  /** The program and its arguments; empty: as the image says */
  command: readonly string[];
  /** "NAME=value" */
  env: readonly string[];
  terminal: boolean;
}

// What Docker gives programs that are told nothing else.
const usualPath = 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
// Linux takes 128 KiB for one word, and a quarter of the stack for all (execve(2)); the guest's own scripts need some.
const mostBytes = 96 * 2 ** 10;

/**
 * Environment and command, as one list: what `env` takes. The command follows the entry point of an image, as Docker and
 * Podman have it.
 * @throws PhyllomeError `bad-request`
 */
export function wordsFor(
  { command, env, terminal }: Wishes,
  { config, shell }: Omit<RootDisk, 'disk'>,
): string[] {
  const own = command.length > 0 ? command : config.command;
  const words = [...config.entrypoint, ...own];
  if (words.length === 0 && shell) words.push('/bin/sh');
  const [program = ''] = words;
  if (program === '') throw refused('the image does not say what to run; name a command behind "--"');
  // "env" would take it for a variable.
  if (program.includes('=')) throw refused(`the name of a command cannot have "=" in it (${program})`);
  const variables = new Map<string, string>();
  for (const entry of [usualPath, ...(terminal ? ['TERM=xterm'] : []), ...config.env, ...env])
    variables.set(entry.slice(0, entry.indexOf('=')), entry);
  const all = [...variables.values(), ...words];
  const bytes = all.reduce((sum, word) => sum + Buffer.byteLength(word) + 1, 0);
  if (bytes > mostBytes)
    throw refused(`command and environment have ${bytes} bytes; ${mostBytes} are possible`);
  return all;
}

const refused = (reason: string): PhyllomeError => new PhyllomeError('bad-request', { reason });
