// SPDX-License-Identifier: Apache-2.0
import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { finished } from 'node:stream/promises';

/** A program of the build ended with a failure; the message ends with its last words. */
export class BuildFailed extends Error {}

export interface RunOptions {
  /** File that all of its words are added to */
  log: string;
  env?: Readonly<Record<string, string>>;
  /** Hears each line */
  onLine?: (line: string) => void;
}

// As much of the end as somebody reads (lines).
const lastWords = 12;

/** Runs a program to its end without a shell. @returns what it printed on standard output @throws BuildFailed */
export async function run(argv: readonly string[], { log, env, onLine }: RunOptions): Promise<string> {
  const [program = '', ...parameters] = argv;
  const file = createWriteStream(log, { flags: 'a' });
  file.write(`\n+ ${argv.join(' ')}\n`);
  const child = spawn(program, parameters, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, LC_ALL: 'C.UTF-8', ...env },
  });
  const last: string[] = [];
  let output = '';
  const listen = (stream: NodeJS.ReadableStream, keep: (line: string) => void): void => {
    createInterface({ input: stream }).on('line', (line) => {
      keep(line);
      file.write(`${line}\n`);
      if (last.push(line) > lastWords) last.shift();
      onLine?.(line);
    });
  };
  listen(child.stdout, (line) => (output += `${line}\n`));
  listen(child.stderr, () => {});
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  child.once('error', (error) => reject(new BuildFailed(`${program}: ${error.message}`, { cause: error })));
  child.once('close', (code, signal) => {
    if (code === 0) resolve(output);
    else
      reject(
        new BuildFailed(
          `${program} ended with ${signal ?? `code ${code}`}:\n  ${last.join('\n  ')}\n(all of it: ${log})`,
        ),
      );
  });
  try {
    return await promise;
  } finally {
    file.end();
    await finished(file);
  }
}

/** A folder of this PC and where a program in the tree of tools sees it. */
export interface Seen {
  folder: string;
  place: string;
}

/** The argument list that runs a program with a folder as its root file system. */
export function inTree(tree: string, seen: readonly Seen[], argv: readonly string[]): string[] {
  const places = seen.map(({ folder, place }) => `${folder}=${place}`);
  const enter = join(import.meta.dirname, 'enter.sh');
  return [
    'unshare',
    '--mount',
    '--propagation',
    'private',
    enter,
    tree,
    ...places,
    '--',
    '/usr/bin/env',
    '-i',
    'PATH=/usr/sbin:/usr/bin',
    'HOME=/root',
    'LANG=C.UTF-8',
    ...argv,
  ];
}
